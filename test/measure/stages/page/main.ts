import type { Order, Outcome } from './worker.ts'

/** Does a stage with the picked file, in a worker of its own. */
function run(order: Omit<Order, 'file'>): Promise<Outcome> {
  const file = document.querySelector('input')?.files?.[0]
  if (file === undefined) throw new Error('No file')
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  return new Promise<Outcome>((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<Outcome>) => resolve(data))
    worker.addEventListener('error', ({ message }) => reject(new Error(message)))
    worker.postMessage({ ...order, file } satisfies Order)
  }).finally(() => worker.terminate())
}

Object.assign(globalThis, { run })
