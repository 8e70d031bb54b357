/**
 * Where parts of an upload lie in its shared file.
 *
 * Parts of one size are received straight to their place in the object to be, so that Complete has nothing to
 * copy: it renames the shared file. The first part that comes sets the size; what does not fit its place is kept
 * in a file of its own, and then Complete copies.
 */
export interface SlotBook {
  /** Size of a place, `undefined` until the first part comes. */
  readonly slotBytes: number | undefined
  /**
   * Reserves the place of a part. Nobody else gets it before {@link release}.
   *
   * @param isTaken a stored part is there: it must stay whole until the new one has come
   * @returns where it begins, `undefined` when the part needs a file of its own
   */
  reserve(partNumber: number, sizeBytes: number, isTaken: boolean): number | undefined
  release(partNumber: number): void
  /**
   * Gives no more places, so that nobody writes into a file that is about to be the object.
   *
   * @returns whether nobody is writing now
   */
  seal(): boolean
  unseal(): void
}

/** Longest shared file, in bytes: ext4 ends at 16 TiB. */
const MAX_SHARED_BYTES = 8 * 2 ** 40

/** @param slotBytes size of a place, when the file is there already */
export function createSlotBook(slotBytes?: number): SlotBook {
  const reserved = new Set<number>()
  let size = slotBytes
  let isSealed = false
  return {
    get slotBytes() {
      return size
    },
    reserve(partNumber, sizeBytes, isTaken) {
      if (isSealed || isTaken || sizeBytes === 0 || reserved.has(partNumber)) return undefined
      const place = size ?? sizeBytes
      const start = (partNumber - 1) * place
      if (sizeBytes > place || start + sizeBytes > MAX_SHARED_BYTES) return undefined
      size = place
      reserved.add(partNumber)
      return start
    },
    release(partNumber) {
      reserved.delete(partNumber)
    },
    seal() {
      isSealed = true
      return reserved.size === 0
    },
    unseal() {
      isSealed = false
    },
  }
}
