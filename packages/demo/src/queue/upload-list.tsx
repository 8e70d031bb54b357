import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { JSX } from 'preact'
import { words } from '../words/language.ts'
import { keepNearRows } from './near-rows.ts'
import type { Queue } from './queue.ts'
import { UploadRow } from './upload-row.tsx'

/** The rows of all files, in the order in which they are uploaded. */
export function UploadList({ queue }: { readonly queue: Queue }): JSX.Element {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => (list.current === null ? undefined : keepNearRows(list.current, queue)), [queue])

  // A row that goes takes the focus with it, and so does one that moves where the browser lacks `moveBefore()`.
  const focused = document.activeElement
  useLayoutEffect(() => {
    if (focused === document.activeElement || !(focused instanceof HTMLElement)) return
    if (focused.isConnected) focused.focus({ preventScroll: true })
    else if (document.activeElement === document.body) list.current?.focus()
  })

  return (
    <div
      role="list"
      class="uploads"
      ref={list}
      tabIndex={-1}
      aria-label={words.value.queue.title}
      data-testid="uploads"
      id="uploads"
    >
      {queue.items.value.map((item) => (
        <UploadRow key={item.id} item={item} onAction={queue.act} />
      ))}
    </div>
  )
}
