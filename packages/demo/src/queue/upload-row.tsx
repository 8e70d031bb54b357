import { useLayoutEffect, useRef } from 'preact/hooks'
import type { JSX } from 'preact'
import { ProgressBar } from '../shell/progress-bar.tsx'
import { format, words } from '../words/language.ts'
import type { RowAction } from '../words/words.ts'
import type { Queue } from './queue.ts'
import type { QueueItem } from './queue-item.ts'
import { toRowView } from './row-view.ts'
import type { RowView } from './row-view.ts'
import { Thumbnail } from './thumbnail.tsx'

/** What an upload that waits for its turn offers besides. */
const ORDER: readonly RowAction[] = ['first', 'last']

interface UploadRowProps {
  readonly item: QueueItem
  readonly onAction: Queue['act']
}

/** The row of a file. Far from what is seen it is empty. */
export function UploadRow({ item, onAction }: UploadRowProps): JSX.Element {
  const { file, path } = item.picked
  const view = toRowView(item.moment.value, words.value, format.value)
  const row = useRef<HTMLDivElement>(null)
  useKeptFocus(row)
  return (
    <div
      role="listitem"
      class={item.isNear.value ? 'upload' : 'upload is-far'}
      ref={row}
      tabIndex={-1}
      aria-label={path}
      data-testid="upload"
      data-name={file.name}
      data-status={view.status}
      data-sent={view.sentBytes}
      data-total={view.totalBytes}
    >
      {item.isNear.value && (
        <>
          <Thumbnail file={file} />
          <Heading path={path} sizeBytes={file.size} view={view} />
          <Actions actions={view.actions} path={path} onAction={(action) => onAction(item, action)} />
          <ProgressBar
            label={words.value.queue.progressOf(path)}
            percent={view.percent}
            text={`${view.percent}%, ${view.words}`}
          />
          {view.status === 'queued' ? (
            <div class="upload-order">
              <Actions actions={ORDER} path={path} onAction={(action) => onAction(item, action)} />
            </div>
          ) : (
            <Details view={view} />
          )}
        </>
      )}
    </div>
  )
}

interface HeadingProps {
  readonly path: string
  readonly sizeBytes: number
  readonly view: RowView
}

function Heading({ path, sizeBytes, view }: HeadingProps): JSX.Element {
  return (
    <div class="upload-title">
      <span class="upload-name" title={path}>
        {path}
      </span>
      <span class="upload-status">
        <span class="upload-dot" aria-hidden="true" />
        <span class="upload-words">{view.words}</span>
        <span class="upload-figure">{`${view.percent}%`}</span>
        <span class="upload-figure upload-size">{format.value.bytes(sizeBytes)}</span>
      </span>
    </div>
  )
}

function Details({ view: { facts, problem } }: { readonly view: RowView }): JSX.Element {
  if (problem !== undefined) {
    return (
      <p class="upload-problem" data-part="problem">
        {problem.what} <span class="upload-advice">{problem.advice}</span>
      </p>
    )
  }
  return (
    <dl class="upload-facts">
      {facts.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd title={value}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

interface ActionsProps {
  readonly actions: readonly RowAction[]
  readonly path: string
  readonly onAction: (action: RowAction) => void
}

function Actions({ actions, path, onAction }: ActionsProps): JSX.Element {
  const { actions: labels } = words.value
  return (
    <div class="upload-actions">
      {actions.map((action) => (
        <button
          key={action}
          class="button"
          type="button"
          data-action={action}
          aria-label={`${labels[action]} ${path}`}
          onClick={() => onAction(action)}
        >
          {labels[action]}
        </button>
      ))}
    </div>
  )
}

/** The focus does not get lost with a button that goes. */
function useKeptFocus({ current: row }: { readonly current: HTMLElement | null }): void {
  const hadFocus = row !== null && row !== document.activeElement && row.contains(document.activeElement)
  useLayoutEffect(() => {
    if (!hadFocus || row.contains(document.activeElement)) return
    const next = row.querySelector('button') ?? row
    next.focus({ preventScroll: true })
  })
}
