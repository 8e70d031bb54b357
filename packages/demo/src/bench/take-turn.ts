import type { PageFigures } from '../../bench/results.ts'
import type { Contender, Job } from './contenders/contender.ts'
import { watchPageThread } from './page-thread.ts'

/** A contender that is ready to start, and how the page's thread was just before. */
export interface Turn {
  /** Uploads the files and says how it went: a failure is a figure too. */
  run(): Promise<PageFigures>
}

/** How long the page's thread is watched while it has nothing to do, in milliseconds. */
const IDLE_MS = 1000

/** More than any contender sends in a turn. */
const MOST_REQUESTS = 100_000

export async function prepareTurn(contender: Contender, jobs: readonly Job[]): Promise<Turn> {
  const sender = await contender.prepare(jobs)
  const idle = watchPageThread()
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS))
  const idleGapMs = idle.stop().longestGapMs
  return {
    async run() {
      performance.clearResourceTimings()
      // By default 250 requests are remembered.
      performance.setResourceTimingBufferSize(MOST_REQUESTS)
      const watch = watchPageThread()
      let addingGapMs = 0
      const startedAtMs = Date.now()
      const startedMs = performance.now()
      const error = await sender
        .send(() => (addingGapMs = watch.seen().longestGapMs))
        .then(
          () => undefined,
          (reason: unknown) => (reason instanceof Error ? reason.message : String(reason)),
        )
      const durationMs = performance.now() - startedMs
      const { longestGapMs, blockedMs } = watch.stop()
      const beacons = countBeacons(jobs)
      await sender.close()
      return { durationMs, startedAtMs, idleGapMs, longestGapMs, addingGapMs, blockedMs, error, beacons }
    },
  }
}

/** Requests of the page to hosts that nobody told it of. */
function countBeacons(jobs: readonly Job[]): number {
  const storage = new URL(jobs[0]?.destination.endpoint ?? location.href).host
  return performance.getEntriesByType('resource').filter(({ name }) => {
    const { host, protocol } = new URL(name)
    return protocol.startsWith('http') && host !== location.host && !host.endsWith(storage)
  }).length
}
