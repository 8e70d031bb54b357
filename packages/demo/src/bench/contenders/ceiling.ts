import { addInSteps } from './contender.ts'
import type { Contender } from './contender.ts'

/**
 * What the browser can do at most: a worker sends slices of the files, six at a time, and does nothing besides, but still
 * what the service asks for: Initiate, Complete, signatures.
 */
export const CEILING: Contender = {
  id: 'ceiling',
  name: 'raw ceiling',
  async prepare(jobs) {
    const worker = new Worker(new URL('ceiling-worker.ts', import.meta.url), { type: 'module' })
    const answers = createAnswers(worker)
    await answers.next()
    return {
      async send(onAdded) {
        await addInSteps(jobs, (job) => worker.postMessage(job))
        worker.postMessage(undefined)
        onAdded()
        const error = await answers.next()
        if (error !== '') throw new Error(error)
      },
      async close() {
        worker.terminate()
      },
    }
  },
}

/** The worker answers in order: an empty text when it is ready and when it is done, else what failed. */
function createAnswers(worker: Worker): { next(): Promise<string> } {
  const arrived: string[] = []
  let wake = (): void => undefined
  worker.addEventListener('message', ({ data }) => {
    arrived.push(String(data))
    wake()
  })
  worker.addEventListener('error', ({ message }) => {
    arrived.push(message || 'The worker did not load')
    wake()
  })
  return {
    async next() {
      while (arrived.length === 0) await new Promise<void>((resolve) => (wake = resolve))
      return arrived.shift() ?? ''
    },
  }
}
