/**
 * Stands in for `@sluice/worker/engine` in the script. An engine in the page would be there a second time, for browsers
 * without workers, none of which has the rest of what Sluice needs.
 */
export function serveEngine(): Promise<never> {
  return Promise.reject(new Error('this browser has no workers'))
}
