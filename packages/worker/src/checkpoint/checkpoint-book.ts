import type { Clock } from '../clock/clock.ts'
import { CHECKPOINT_VERSION, readCheckpoint } from './checkpoint.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { CheckpointStore } from './checkpoint-store.ts'
import { fingerprintKey } from './fingerprint.ts'
import type { Fingerprint } from './fingerprint.ts'

/** What a checkpoint says beside what the book adds by itself. */
export type CheckpointContent = Omit<Checkpoint, 'version' | 'updatedAtMs'>

/** The checkpoints of one application: found by the file, forgotten when the service has purged the parts. */
export interface CheckpointBook {
  find(fingerprint: Fingerprint): Promise<Checkpoint | undefined>
  /** Resolves when the record will outlive the page. */
  write(content: CheckpointContent): Promise<void>
  drop(fingerprint: Fingerprint): Promise<void>
  /** All that can be continued, the latest first. */
  list(): Promise<readonly Checkpoint[]>
}

export interface CheckpointBookOptions {
  readonly store: CheckpointStore
  readonly clock: Clock
  /** Keeps the checkpoints of several applications or users of one origin apart. */
  readonly namespace: string
  /** Age at which a checkpoint is forgotten, in milliseconds since its upload was opened. */
  readonly maxAgeMs: number
}

export function createCheckpointBook({
  store,
  clock,
  namespace,
  maxAgeMs,
}: CheckpointBookOptions): CheckpointBook {
  const prefix = `${JSON.stringify(namespace)}:`
  const idOf = (fingerprint: Fingerprint): string => prefix + fingerprintKey(fingerprint)

  /** Files of which a later release keeps the record; this one keeps none. */
  const foreign = new Set<string>()

  /** What cannot be used is removed, but for what a later release wrote. */
  const readOrRemove = async (id: string, record: unknown): Promise<Checkpoint | undefined> => {
    const read = readCheckpoint(record)
    if (read.kind === 'newer') {
      foreign.add(id)
      return undefined
    }
    const isFresh = read.kind === 'valid' && clock.now() - read.checkpoint.createdAtMs < maxAgeMs
    if (isFresh) return read.checkpoint
    await store.remove(id)
    return undefined
  }

  return {
    async find(fingerprint) {
      const id = idOf(fingerprint)
      const record = await store.load(id)
      return record === undefined ? undefined : readOrRemove(id, record)
    },
    async write(content) {
      const id = idOf(content.fingerprint)
      if (foreign.has(id)) return
      await store.save(id, { ...content, version: CHECKPOINT_VERSION, updatedAtMs: clock.now() })
    },
    async drop(fingerprint) {
      const id = idOf(fingerprint)
      if (!foreign.has(id)) await store.remove(id)
    },
    async list() {
      const own = (await store.entries()).filter(([id]) => id.startsWith(prefix))
      const checkpoints = await Promise.all(own.map(([id, record]) => readOrRemove(id, record)))
      return checkpoints
        .filter((checkpoint) => checkpoint !== undefined)
        .sort((a, b) => b.updatedAtMs - a.updatedAtMs)
    },
  }
}
