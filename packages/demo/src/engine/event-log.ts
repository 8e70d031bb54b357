import { signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { Format } from '../words/format.ts'
import type { Words } from '../words/words.ts'

/** Older ones are forgotten. */
const MOST_ENTRIES = 200

/** Something that happened. It is put into words when it is shown, in the language of that moment. */
export interface LogEntry {
  readonly id: number
  readonly atMs: number
  /** The file; empty for what concerns none. */
  readonly path: string
  readonly say: (words: Words, format: Format) => string
}

export interface EventLog {
  /** The latest first. */
  readonly entries: ReadonlySignal<readonly LogEntry[]>
  readonly add: (path: string, say: LogEntry['say']) => void
}

export function createEventLog(): EventLog {
  const entries = signal<readonly LogEntry[]>([])
  let lastId = 0
  return {
    entries,
    add(path, say) {
      lastId += 1
      entries.value = [{ id: lastId, atMs: Date.now(), path, say }, ...entries.peek()].slice(0, MOST_ENTRIES)
    },
  }
}
