import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { JSX } from 'preact'
import { words } from '../words/language.ts'
import { askForFiles, askForFolder } from './ask-for-files.ts'
import { readTransfer } from './read-transfer.ts'
import type { FoundItem } from './read-transfer.ts'

interface DropAreaProps {
  /** What is taken, in words. */
  readonly limits: string
  readonly onFiles: (items: Iterable<FoundItem> | AsyncIterable<FoundItem>) => void
}

/** Where files come from: dialogs, drops and pastes anywhere on the page. */
export function DropArea({ limits, onFiles }: DropAreaProps): JSX.Element {
  const isTarget = useSignal(false)
  useEffect(() => listen(onFiles, (is) => (isTarget.value = is)), [onFiles, isTarget])
  const { pick } = words.value
  return (
    <div class={`drop-area ${isTarget.value ? 'is-target' : ''}`} data-testid="drop-area">
      <div class="drop-buttons">
        <FileButton label={pick.files} testId="file-input" ask={askForFiles} onFiles={onFiles} isPrimary />
        <FileButton
          label={pick.folder}
          testId="folder-input"
          ask={askForFolder}
          onFiles={onFiles}
          isPrimary={false}
        />
      </div>
      <p class="drop-hint">{pick.hint}</p>
      <p class="drop-limits">{limits}</p>
    </div>
  )
}

interface FileButtonProps {
  readonly label: string
  readonly testId: string
  /** The dialog that gives handles, where there is one. */
  readonly ask: () => AsyncIterable<FoundItem> | undefined
  readonly onFiles: DropAreaProps['onFiles']
  readonly isPrimary: boolean
}

/** A button that opens the browser's better dialog, and the input that every browser has. */
function FileButton({ label, testId, ask, onFiles, isPrimary }: FileButtonProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        class="visually-hidden"
        type="file"
        multiple
        // The button stands for it.
        tabIndex={-1}
        aria-hidden="true"
        data-testid={testId}
        ref={(element) => {
          input.current = element
          element?.toggleAttribute('webkitdirectory', testId === 'folder-input')
        }}
        onChange={({ currentTarget }) => {
          onFiles(Array.from(currentTarget.files ?? [], toFound))
          // So that the same file can be chosen again.
          currentTarget.value = ''
        }}
      />
      <button
        class={isPrimary ? 'button button-primary' : 'button'}
        type="button"
        onClick={() => {
          const asked = ask()
          if (asked === undefined) input.current?.click()
          else onFiles(asked)
        }}
      >
        {label}
      </button>
    </>
  )
}

function toFound(file: File): FoundItem {
  return { file, path: file.webkitRelativePath || file.name }
}

/** Takes drops and pastes of the whole page: a browser leaves it for a file that is dropped beside the area. */
function listen(onFiles: DropAreaProps['onFiles'], setTarget: (isTarget: boolean) => void): () => void {
  const end = new AbortController()
  const { signal } = end
  document.addEventListener(
    'dragover',
    (event) => {
      event.preventDefault()
      setTarget(true)
    },
    { signal },
  )
  document.addEventListener('dragleave', (event) => event.relatedTarget === null && setTarget(false), {
    signal,
  })
  document.addEventListener(
    'drop',
    (event) => {
      event.preventDefault()
      setTarget(false)
      if (event.dataTransfer !== null) onFiles(readTransfer(event.dataTransfer.items))
    },
    { signal },
  )
  document.addEventListener(
    'paste',
    (event) => {
      if (event.clipboardData?.types.includes('Files') === true)
        onFiles(readTransfer(event.clipboardData.items))
    },
    { signal },
  )
  return () => end.abort()
}
