/** Size of a slab: bytes gathered before they are digested and written. */
export const SLAB_BYTES: number = 1024 * 1024

/** Slabs kept for the next body; more are left to the garbage collector. */
const MAX_IDLE_SLABS = 32

/**
 * Memory that bodies pass through, shared with the digest thread and used again and again. Fresh memory for
 * every chunk, and a copy of it for the thread, cost as much system time as receiving and writing together.
 */
export interface SlabPool {
  take(): Buffer
  giveBack(slab: Buffer): void
}

/** Creates an empty pool. */
export function createSlabPool(): SlabPool {
  const idle: Buffer[] = []
  return {
    take: () => idle.pop() ?? Buffer.from(new SharedArrayBuffer(SLAB_BYTES)),
    giveBack(slab) {
      if (idle.length < MAX_IDLE_SLABS) idle.push(slab)
    },
  }
}
