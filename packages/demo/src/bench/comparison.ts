import { signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import { wayWords } from '../words/words.ts'
import type { Words } from '../words/words.ts'
import type { Choice } from './form.ts'
import type { PageRun } from './summary.ts'
import { takeRounds } from './take-rounds.ts'

/** Something to be said, in the language of the moment when it is read. */
type Say = (words: Words) => string

const NOTHING: Say = () => ''

/** What the page compares, and what came of it. */
export interface Comparison {
  readonly isRunning: ReadonlySignal<boolean>
  readonly status: ReadonlySignal<Say>
  readonly problem: ReadonlySignal<Say>
  /** Of the latest comparison that came to a first run. */
  readonly runs: ReadonlySignal<readonly PageRun[]>
  /** @param choose may throw: that is said instead */
  readonly run: (choose: () => Choice) => Promise<void>
  /** Ends it after the turn that is under way. */
  readonly stop: () => void
  /** Copies all runs. */
  readonly copy: () => Promise<void>
}

/** @param loadCharts gets what draws the results, before the first turn: in the middle of one it would be measured */
export function createComparison(loadCharts: () => Promise<unknown>): Comparison {
  const isRunning = signal(false)
  const status = signal<Say>(NOTHING)
  const problem = signal<Say>(NOTHING)
  const runs = signal<readonly PageRun[]>([])
  let end = new AbortController()

  const fail = (error: unknown): void => {
    const what = error instanceof Error ? error.message : String(error)
    status.value = NOTHING
    problem.value = () => what
  }

  return {
    isRunning,
    status,
    problem,
    runs,
    async run(choose) {
      let taken: readonly PageRun[] = []
      problem.value = NOTHING
      isRunning.value = true
      end = new AbortController()
      try {
        const { openFiles, ...choice } = choose()
        status.value = ({ bench }) => bench.making
        await loadCharts()
        const made = await openFiles()
        try {
          await takeRounds({
            ...choice,
            files: made.files,
            signal: end.signal,
            onTurn(round, contender) {
              status.value = (say) => say.bench.turn(round, choice.rounds, wayWords(say, contender))
            },
            onRun(run) {
              taken = [...taken, run]
              runs.value = taken
            },
            onLeft(count) {
              if (count > 0) problem.value = ({ bench }) => bench.left
            },
          })
        } finally {
          await made.remove()
        }
        status.value = ({ bench }) => bench.done
      } catch (error) {
        // Stopped before a turn, while it was asked where its files go.
        if (error === end.signal.reason) status.value = ({ bench }) => bench.done
        else fail(error)
      } finally {
        isRunning.value = false
      }
    },
    stop: () => end.abort(),
    async copy() {
      try {
        await navigator.clipboard.writeText(
          JSON.stringify({ userAgent: navigator.userAgent, runs: runs.peek() }),
        )
        status.value = ({ bench }) => bench.copied
      } catch (error) {
        fail(error)
      }
    },
  }
}
