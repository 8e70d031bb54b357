import { signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { JSX } from 'preact'
import { words } from '../words/language.ts'

interface Question {
  readonly text: string
  /** Words of the button that does it. */
  readonly yes: string
  readonly answer: (isYes: boolean) => void
}

const question = signal<Question | undefined>(undefined)

/** Asks before something is lost. */
export function confirm(text: string, yes: string): Promise<boolean> {
  return new Promise((answer) => {
    question.value = { text, yes, answer }
  })
}

/** Where the question appears; one for a page. */
export function ConfirmDialog(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  const asked = question.value
  useEffect(() => {
    if (asked !== undefined) dialog.current?.showModal()
  }, [asked])
  const close = (isYes: boolean): void => {
    asked?.answer(isYes)
    question.value = undefined
    dialog.current?.close()
  }
  return (
    <dialog class="dialog" ref={dialog} aria-labelledby="question" onCancel={() => close(false)}>
      <p id="question">{asked?.text}</p>
      <p class="dialog-buttons">
        <button class="button" type="button" onClick={() => close(false)}>
          {words.value.queue.keep}
        </button>
        <button class="button button-danger" type="button" data-action="confirm" onClick={() => close(true)}>
          {asked?.yes}
        </button>
      </p>
    </dialog>
  )
}
