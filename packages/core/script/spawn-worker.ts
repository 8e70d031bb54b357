/** Text of the worker script. The build puts it in. */
declare const WORKER_SCRIPT: string

let url: string | undefined

/** Stands in for `@sluice/worker/spawn` in the script: a worker script of its own would have to be served and found. */
export function spawnWorker(): Worker {
  // Kept for as long as the page lives: workers that end are replaced.
  url ??= URL.createObjectURL(new Blob([WORKER_SCRIPT], { type: 'text/javascript' }))
  return new Worker(url, { name: 'sluice' })
}
