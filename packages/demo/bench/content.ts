/** Content of the benchmark's files: one block again and again, the last time perhaps not to its end. */
export type ContentKind = 'noise' | 'zeros'

/** Parts of which all but the last are a multiple of this begin at the beginning of a block. */
export const BLOCK_BYTES: number = 64 * 1024

/** The block of a content: zeros for sparse files, else noise that nothing on the way can make smaller. */
export function makeBlock(kind: ContentKind): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(BLOCK_BYTES / 4)
  if (kind === 'noise') {
    // xorshift32 (George Marsaglia, "Xorshift RNGs", 2003)
    let state = 0x9e3779b1
    for (let index = 0; index < words.length; index++) {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      words[index] = state
    }
  }
  return new Uint8Array(words.buffer)
}
