import { spawnWorker } from '@sluice/worker/spawn'

/** Workers that can be ended from outside, as a browser ends one that takes too much memory: without a word. */
export interface MortalWorkers {
  /** For the option of the same name. */
  readonly createWorker: () => Worker
  /** Ends the one that was started first and has not been ended: the one that all uploads need. */
  readonly kill: () => void
}

export function createMortalWorkers(): MortalWorkers {
  const alive: Worker[] = []
  return {
    createWorker() {
      const worker = spawnWorker()
      alive.push(worker)
      return worker
    },
    kill: () => alive.shift()?.terminate(),
  }
}
