import type { Upload, UploadStatus } from '@sluice/core'
import { findElement } from './element.ts'
import { formatBytes } from './format.ts'
import type { PickedFile } from './picked-file.ts'
import { toCancelProblem, toRowView } from './row-view.ts'
import type { Problem, RowAction, RowView } from './row-view.ts'

export interface UploadRowOptions {
  readonly template: HTMLTemplateElement
  readonly picked: PickedFile
  /** Starts an upload of the file; called once more for each retry. */
  readonly start: () => Upload
  /** Says something to screen readers. */
  readonly announce: (words: string) => void
}

/** Changes that a person who cannot see the page wants to hear of. */
const ANNOUNCED: ReadonlySet<UploadStatus> = new Set(['paused', 'succeeded', 'failed', 'canceled'])

/** Makes the row of a file and starts its upload. */
export function createUploadRow(options: UploadRowOptions): HTMLElement {
  const { template, picked, start, announce } = options
  const content = template.content.cloneNode(true)
  if (!(content instanceof DocumentFragment)) throw new Error('The template of a row is empty')
  const row = findElement(content, '[data-testid=upload]', HTMLElement)
  const show = createRowDisplay(row, picked)
  let upload: Upload

  const run = (): void => {
    const current = start()
    upload = current
    const refresh = (): void => show(toRowView(current.state, current.progress))
    current.on('progress', refresh)
    current.on('statechange', ({ to: { status } }) => {
      refresh()
      if (ANNOUNCED.has(status))
        announce(`${picked.path}: ${toRowView(current.state, current.progress).words}`)
    })
    refresh()
  }

  const cancel = async (): Promise<void> => {
    const current = upload
    try {
      await current.cancel()
    } catch (error) {
      show({ ...toRowView(current.state, current.progress), problem: toCancelProblem(error) })
    }
  }

  const commands: Readonly<Record<RowAction, () => void>> = {
    pause: () => upload.pause(),
    resume: () => upload.resume(),
    cancel: () => void cancel(),
    retry: run,
  }
  for (const [action, command] of Object.entries(commands)) {
    findElement(row, `[data-action=${action}]`, HTMLButtonElement).addEventListener('click', command)
  }
  run()
  return row
}

/** Fills in what stays, and returns what shows the rest: hooks, words, bar, facts, problem, buttons. */
function createRowDisplay(row: HTMLElement, { file, path }: PickedFile): (view: RowView) => void {
  const part = (name: string): HTMLElement => findElement(row, `[data-part=${name}]`, HTMLElement)
  const name = part('name')
  const words = part('words')
  const percent = part('percent')
  const bar = part('bar')
  const facts = Array.from(part('facts').children, (fact) => ({
    label: findElement(fact, 'dt', HTMLElement),
    value: findElement(fact, 'dd', HTMLElement),
  }))
  const buttons = Array.from(row.querySelectorAll<HTMLButtonElement>('[data-action]'))
  const showProblem = createProblemDisplay(row, part)

  row.dataset['name'] = file.name
  row.setAttribute('aria-label', path)
  name.textContent = path
  name.title = path
  part('size').textContent = formatBytes(file.size)
  bar.setAttribute('aria-label', `Progress of ${path}`)
  for (const button of buttons) button.setAttribute('aria-label', `${button.textContent} ${path}`)

  return (view) => {
    row.dataset['status'] = view.status
    row.dataset['sent'] = String(view.sentBytes)
    row.dataset['total'] = String(view.totalBytes)
    words.textContent = view.words
    percent.textContent = `${view.percent}%`
    bar.setAttribute('aria-valuenow', String(view.percent))
    bar.setAttribute('aria-valuetext', `${view.percent}%, ${view.words}`)
    bar.style.setProperty('--progress', String(view.percent / 100))
    for (const [index, { label, value }] of view.facts.entries()) {
      const fact = facts[index]
      if (fact === undefined) continue
      fact.label.textContent = label
      fact.value.textContent = value
      fact.value.title = value
    }
    showProblem(view.problem)
    showButtons(row, buttons, view.actions)
  }
}

function createProblemDisplay(
  row: HTMLElement,
  part: (name: string) => HTMLElement,
): (problem: Problem | undefined) => void {
  const facts = part('facts')
  const box = part('problem')
  const what = part('problem-what')
  const advice = part('problem-advice')
  return (problem) => {
    facts.hidden = problem !== undefined
    box.hidden = problem === undefined
    row.classList.toggle('has-problem', problem !== undefined)
    what.textContent = problem?.what ?? ''
    advice.textContent = problem?.advice ?? ''
  }
}

/** Shows the buttons that mean something now. The focus does not get lost with a button that goes. */
function showButtons(
  row: HTMLElement,
  buttons: readonly HTMLButtonElement[],
  actions: readonly RowAction[],
): void {
  const hadFocus = buttons.some((button) => button === document.activeElement)
  const isOffered = ({ dataset }: HTMLButtonElement): boolean =>
    actions.some((action) => action === dataset['action'])
  for (const button of buttons) button.hidden = !isOffered(button)
  if (!hadFocus || buttons.some((button) => button === document.activeElement && !button.hidden)) return
  const next = buttons.find(isOffered)
  if (next === undefined) row.focus()
  else next.focus()
}
