import { signal } from '@preact/signals'
import type { JSX } from 'preact'

/** Short enough to be heard as an answer, long enough that what ends together is said together. */
const GATHER_MS = 250
/** More than this is said as a sum. */
const MOST_SENTENCES = 3

const said = signal('')
let gathered: { readonly group: 'succeeded' | 'failed' | 'other'; readonly words: string }[] = []

/**
 * Says to screen readers what became of an upload.
 *
 * @param sum puts many ends into one sentence
 */
export function announce(
  group: 'succeeded' | 'failed' | 'other',
  words: string,
  sum: (succeeded: number, failed: number, other: number) => string,
): void {
  gathered.push({ group, words })
  if (gathered.length > 1) return
  setTimeout(() => {
    const count = (wanted: typeof group): number => gathered.filter((one) => one.group === wanted).length
    said.value =
      gathered.length > MOST_SENTENCES
        ? sum(count('succeeded'), count('failed'), count('other'))
        : gathered.map((one) => one.words).join('. ')
    gathered = []
  }, GATHER_MS)
}

export function Announcer(): JSX.Element {
  return (
    <p class="visually-hidden" role="status" data-testid="announcer">
      {said}
    </p>
  )
}
