import type { Checkpoint } from './checkpoint.ts'

/** Where checkpoints are kept. Ids are texts of any length; each checkpoint has a record of its own. */
export interface CheckpointStore {
  /** The record as it is; undefined when there is none. */
  readonly load: (id: string) => Promise<unknown>
  /** Resolves when the record will outlive the page. */
  readonly save: (id: string, checkpoint: Checkpoint) => Promise<void>
  /** Does nothing when there is none. */
  readonly remove: (id: string) => Promise<void>
  /** All records with their ids, in no particular order. */
  readonly entries: () => Promise<readonly (readonly [id: string, record: unknown])[]>
}
