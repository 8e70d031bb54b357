import { effect } from '@preact/signals'
import { render } from 'preact'
import type { JSX } from 'preact'
import { Header } from '../shell/header.tsx'
import { words } from '../words/language.ts'
import { BenchForm } from './bench-form.tsx'
import { createComparison } from './comparison.ts'
import { CONTENDERS } from './contenders/index.ts'
import { createDriverApi } from './driver-api.ts'
import { ResultsView } from './results-view.tsx'
import { summarize } from './summary.ts'

const comparison = createComparison()
const nameOf = (id: string): string => CONTENDERS.find((contender) => contender.id === id)?.name ?? id

function Page(): JSX.Element {
  const { bench: say } = words.value
  return (
    <>
      <Header page="benchmark" />
      <main class="bench">
        <h1>{say.about}</h1>
        <BenchForm contenders={CONTENDERS} comparison={comparison} />
        <ResultsView summaries={summarize(comparison.runs.value)} nameOf={nameOf} />
      </main>
    </>
  )
}

const root = document.getElementById('page')
if (root !== null) render(<Page />, root)
effect(() => {
  document.title = `Sluice: ${words.value.bench.title}`
})

const input = document.querySelector<HTMLInputElement>('[data-testid=bench-files]')
if (input !== null) Object.assign(globalThis, { bench: createDriverApi(input) })
