import type { PartAnswer, PartTask } from '../engine/ports.ts'
import type { Settled } from '../protocol/wire-error.ts'

/** What a worker of the pool offers the engine, over Comlink. */
export interface PartUploaderApi {
  send(taskId: number, task: PartTask): Promise<Settled<PartAnswer>>
  abort(taskId: number): void
  /** A sign of life. */
  ping(): void
}

/** What a worker of the pool posts one way on the same port, beside Comlink's messages. */
export type PartWorkerEvent =
  | { readonly type: 'sluice:ready' }
  | { readonly type: 'sluice:progress'; readonly taskId: number; readonly sentBytes: number }

/** Comlink's own messages on the port carry no such `type`. */
export function isPartWorkerEvent(data: unknown): data is PartWorkerEvent {
  if (typeof data !== 'object' || data === null || !('type' in data)) return false
  return data.type === 'sluice:ready' || data.type === 'sluice:progress'
}
