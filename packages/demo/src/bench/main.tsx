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

const comparison = createComparison(() => import('./draw-bars.ts'))

function Page(): JSX.Element {
  return (
    <>
      <Header page="benchmark" />
      <main class="bench">
        <h1>{words.value.bench.about}</h1>
        <BenchForm contenders={CONTENDERS} comparison={comparison} />
        <ResultsView contenders={CONTENDERS} runs={comparison.runs} />
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
