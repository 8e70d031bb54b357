import '@sluice/worker/entry'

/** Names what workers have to tell beside their work. */
const strays = new BroadcastChannel('chaos:strays')
self.addEventListener('unhandledrejection', ({ reason }) =>
  strays.postMessage(`In a worker: ${String(reason)}`),
)

self.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (data !== 'chaos:die') return
  // Ends as a defect does: with an uncaught error, which the page hears of, and then it is gone.
  setTimeout(() => {
    setTimeout(() => self.close())
    throw new Error('chaos: this worker dies')
  })
})
