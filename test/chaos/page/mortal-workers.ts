/** Workers of Sluice that can be made to die. */
export interface MortalWorkers {
  readonly createWorker: () => Worker
  /** Answers whether there was one. */
  readonly kill: (which: 'newest' | 'oldest') => boolean
}

export function createMortalWorkers(): MortalWorkers {
  const living: Worker[] = []
  const bury = (worker: Worker): void => {
    const index = living.indexOf(worker)
    if (index >= 0) living.splice(index, 1)
  }
  return {
    createWorker() {
      const worker = new Worker(new URL('./mortal-worker.ts', import.meta.url), { type: 'module' })
      const terminate = worker.terminate.bind(worker)
      worker.terminate = () => {
        bury(worker)
        terminate()
      }
      worker.addEventListener('error', () => bury(worker))
      living.push(worker)
      return worker
    },
    kill(which) {
      const worker = living.at(which === 'oldest' ? 0 : -1)
      if (worker === undefined) return false
      bury(worker)
      worker.postMessage('chaos:die')
      return true
    },
  }
}
