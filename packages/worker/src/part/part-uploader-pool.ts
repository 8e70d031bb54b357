import type { PartUploader } from '../engine/ports.ts'

/**
 * Parts that a worker sends at a time before another worker is worth starting. Sending is asynchronous; what a worker adds is
 * a thread to read and hash on, and one thread reads and hashes 1.2 GiB/s. (our measurement: docs/where-the-time-goes.md)
 */
const PARTS_PER_WORKER = 3

interface Member {
  readonly uploader: PartUploader
  busy: number
}

/** How many workers may be lost before no further one is started: what kills them would kill the next. */
const MAX_LOST_WORKERS = 5

/** Workers that send parts. */
export interface PartUploaderPool extends PartUploader {
  /** Takes a worker out that died; another takes its place when there is work for it. */
  remove(uploader: PartUploader): void
  /** Bodies that each of them sends now. */
  bodiesByWorker(): readonly number[]
}

/**
 * A pool that starts with one uploader and grows only when there is work for more. A worker that does not come up is
 * not waited for: the others do its work.
 *
 * @param first the uploader in the engine's own thread
 * @param addWorker starts one more; resolves when it is ready, rejects when it cannot be had
 */
export function createPartUploaderPool(
  first: PartUploader,
  addWorker: () => Promise<PartUploader>,
  maxWorkers: number,
): PartUploaderPool {
  let members: readonly Member[] = [{ uploader: first, busy: 0 }]
  let growing = false
  let canGrow = true
  let lost = 0

  const growIfBusy = async (): Promise<void> => {
    const isBusy = members.every(({ busy }) => busy >= PARTS_PER_WORKER)
    if (growing || !canGrow || !isBusy || members.length >= maxWorkers) return
    growing = true
    try {
      const uploader = await addWorker()
      members = [...members, { uploader, busy: 0 }]
    } catch {
      // Nothing is lost but a thread to hash on, and the browser has logged why the script did not load.
      canGrow = false
    } finally {
      growing = false
    }
  }

  return {
    async send(task, options) {
      void growIfBusy()
      const member = members.reduce((least, other) => (other.busy < least.busy ? other : least))
      member.busy += 1
      try {
        return await member.uploader.send(task, options)
      } finally {
        member.busy -= 1
      }
    },
    bodiesByWorker: () => members.map(({ busy }) => busy),
    remove(uploader) {
      members = members.filter((member) => member.uploader !== uploader)
      lost += 1
      if (lost === MAX_LOST_WORKERS) canGrow = false
    },
  }
}
