import { findElement } from '../element.ts'
import { CONTENDERS } from './contenders/index.ts'
import { createDriverApi } from './driver-api.ts'
import { prepareForm, readForm } from './form.ts'
import { createResultsView } from './results-view.ts'
import { summarize } from './summary.ts'
import type { PageRun } from './summary.ts'
import { takeRounds } from './take-rounds.ts'

const form = findElement(document, '[data-testid=bench-form]', HTMLFormElement)
const status = findElement(document, '[data-testid=bench-status]', HTMLElement)
const message = findElement(document, '[data-testid=bench-message]', HTMLElement)
const runButton = findElement(form, '[data-action=run]', HTMLButtonElement)
const stopButton = findElement(form, '[data-action=stop]', HTMLButtonElement)
const copyButton = findElement(form, '[data-action=copy]', HTMLButtonElement)
const nameOf = (id: string): string => CONTENDERS.find((contender) => contender.id === id)?.name ?? id
const results = createResultsView(findElement(document, '[data-testid=bench-results]', HTMLElement), nameOf)

let runs: PageRun[] = []
let stop = new AbortController()

prepareForm(form, CONTENDERS)
form.addEventListener('submit', (event) => {
  event.preventDefault()
  void compare()
})
stopButton.addEventListener('click', () => stop.abort())
copyButton.addEventListener('click', () => {
  navigator.clipboard.writeText(JSON.stringify({ userAgent: navigator.userAgent, runs })).then(
    () => (status.textContent = 'Copied.'),
    (error: unknown) => (message.textContent = String(error)),
  )
})
Object.assign(globalThis, {
  bench: createDriverApi(findElement(form, '[data-testid=bench-files]', HTMLInputElement)),
})

async function compare(): Promise<void> {
  runs = []
  stop = new AbortController()
  message.textContent = ''
  runButton.disabled = copyButton.disabled = true
  stopButton.disabled = false
  try {
    const { openFiles, ...choice } = readForm(form, CONTENDERS, location.href)
    status.textContent = 'Making the files'
    const made = await openFiles()
    try {
      await takeRounds({
        ...choice,
        files: made.files,
        signal: stop.signal,
        onTurn: (words) => (status.textContent = words),
        onRun(run) {
          runs.push(run)
          results.show(summarize(runs))
        },
        onLeft(count) {
          if (count > 0) message.textContent = 'Objects could not be removed from the storage after a turn.'
        },
      })
    } finally {
      await made.remove()
    }
    status.textContent = 'Done'
  } catch (error) {
    status.textContent = ''
    message.textContent = error instanceof Error ? error.message : String(error)
  } finally {
    stopButton.disabled = true
    runButton.disabled = false
    copyButton.disabled = runs.length === 0
  }
}
