import { useSignal } from '@preact/signals'
import type { PartInspection, PartStatus } from '@sluice/core'
import { useEffect, useRef } from 'preact/hooks'
import type { JSX } from 'preact'
import { format, words } from '../words/language.ts'
import { cellAt, gridOf } from './part-grid.ts'
import type { Grid } from './part-grid.ts'

const STATUSES: readonly PartStatus[] = ['waiting', 'reading', 'sending', 'retrying', 'done', 'resumed']
/** Pixels of the page. */
const HEIGHT = 160

/** Each part of an upload as a cell, filled as far as it is sent. */
export function PartMap({ parts }: { readonly parts: readonly PartInspection[] }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  const pointed = useSignal<number | undefined>(undefined)
  const { engine: say } = words.value
  const counts = STATUSES.map(
    (status) => [status, parts.filter((part) => part.status === status).length] as const,
  )
  const summary = counts.map(([status, count]) => `${say.partStatus[status]} ${count}`).join(', ')
  const part = pointed.value === undefined ? undefined : parts[pointed.value]

  useEffect(() => {
    if (canvas.current !== null) draw(canvas.current, parts)
  })

  return (
    <div class="part-map" data-testid="part-map">
      <canvas
        ref={canvas}
        role="img"
        aria-label={`${say.parts}: ${summary}`}
        onPointerMove={({ currentTarget, offsetX, offsetY }) => {
          pointed.value = cellAt(gridFor(currentTarget, parts.length), parts.length, offsetX, offsetY)
        }}
        onPointerLeave={() => (pointed.value = undefined)}
      />
      <ul class="part-legend" aria-hidden="true">
        {counts.map(([status, count]) => (
          <li key={status} data-status={status} data-count={count}>
            <span class="part-swatch" />
            {`${say.partStatus[status]} ${format.value.count(count)}`}
          </li>
        ))}
      </ul>
      <p class="part-pointed" aria-hidden="true">
        {part !== undefined &&
          say.part(
            part.partNumber,
            format.value.bytes(part.sizeBytes),
            say.partStatus[part.status],
            `${Math.floor((part.sentBytes / Math.max(part.sizeBytes, 1)) * 100)}%`,
          )}
      </p>
    </div>
  )
}

function gridFor(canvas: HTMLCanvasElement, count: number): Grid {
  return gridOf(count, canvas.clientWidth, HEIGHT)
}

function draw(canvas: HTMLCanvasElement, parts: readonly PartInspection[]): void {
  const { columns, rows, pitch } = gridFor(canvas, parts.length)
  const style = getComputedStyle(canvas)
  const colors = new Map(STATUSES.map((status) => [status, style.getPropertyValue(`--part-${status}`)]))
  const empty = style.getPropertyValue('--part-waiting')
  const height = Math.max(HEIGHT, rows * pitch)
  canvas.style.height = `${height}px`
  // Sharp on a screen of any density. It is empty after that.
  canvas.width = canvas.clientWidth * devicePixelRatio
  canvas.height = height * devicePixelRatio
  const context = canvas.getContext('2d')
  if (context === null) return
  context.scale(devicePixelRatio, devicePixelRatio)
  const side = pitch > 6 ? pitch - 2 : pitch - 1
  for (const [index, { status, sentBytes, sizeBytes }] of parts.entries()) {
    const x = (index % columns) * pitch
    const y = Math.floor(index / columns) * pitch
    const isSending = status === 'sending'
    context.fillStyle = isSending ? empty : (colors.get(status) ?? empty)
    context.fillRect(x, y, side, side)
    if (!isSending) continue
    // Fills from the bottom.
    const filled = Math.max(2, side * (sentBytes / sizeBytes))
    context.fillStyle = colors.get('sending') ?? empty
    context.fillRect(x, y + side - filled, side, filled)
  }
}
