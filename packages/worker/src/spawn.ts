/**
 * Starts a worker of Sluice. The one place that names the worker script: bundlers look for this very expression and
 * emit the script as a file of its own. TypeScript does not rewrite URLs, so it ends in `.js` already here.
 */
export function spawnWorker(): Worker {
  return new Worker(new URL('./entry.js', import.meta.url), { type: 'module', name: 'sluice' })
}
