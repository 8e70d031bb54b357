import { batch, effect } from '@preact/signals'
import type { Queue } from './queue.ts'

/** A list as short as this has all its rows with their contents. */
const SHORT_LIST = 200
/** Rows before and behind what is seen that are ready to be scrolled to. */
const AHEAD = 30

/**
 * Gives contents to the rows that are seen, or nearly: a list of thousands stays as light as a short one. Every row is there
 * all the time, as an element with its name and status.
 *
 * @returns a function that ends it
 */
export function keepNearRows(list: HTMLElement, { items }: Queue): () => void {
  let frame = 0
  const update = (): void => {
    frame = 0
    const rows = items.peek()
    const [first, end] = rows.length <= SHORT_LIST ? [0, rows.length] : seenRange(list)
    const focused = document.activeElement?.closest('[role=listitem]') ?? null
    batch(() => {
      for (const [index, { isNear }] of rows.entries()) {
        isNear.value =
          (index >= first - AHEAD && index < end + AHEAD) ||
          // Its focus would go with its contents.
          (focused !== null && list.children[index] === focused && isNear.peek())
      }
    })
  }
  const updateSoon = (): void => {
    frame ||= requestAnimationFrame(update)
  }
  const stopFollowing = effect(() => {
    // Also while the page is not painted.
    if (items.value.length <= SHORT_LIST) update()
    else updateSoon()
  })
  document.addEventListener('scroll', updateSoon, { passive: true, capture: true })
  window.addEventListener('resize', updateSoon)
  return () => {
    stopFollowing()
    cancelAnimationFrame(frame)
    document.removeEventListener('scroll', updateSoon, { capture: true })
    window.removeEventListener('resize', updateSoon)
  }
}

/** Indexes of the rows in view, the end exclusive. */
function seenRange({ children }: HTMLElement): readonly [first: number, end: number] {
  const topOf = (index: number): number => children[index]?.getBoundingClientRect().top ?? 0
  return [
    countUntil(children.length, (index) => topOf(index) > 0) - 1,
    countUntil(children.length, (index) => topOf(index) > window.innerHeight),
  ]
}

/** How many of the first so many numbers come before those for which it is true. */
function countUntil(count: number, isReached: (index: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    if (isReached(middle)) high = middle
    else low = middle + 1
  }
  return low
}
