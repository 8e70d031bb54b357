/**
 * The bytes of a file, from a number: the page makes the file of them, and the check makes them again.
 *
 * xorshift32 (George Marsaglia, "Xorshift RNGs", 2003): 48 MiB take some 30 ms.
 *
 * @param {number} seed
 * @param {number} sizeBytes
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function makeFileBytes(seed, sizeBytes) {
  const words = new Uint32Array(Math.ceil(sizeBytes / 4))
  // Zero is the one state that is never left.
  let state = Math.imul(seed, 0x9e3779b1) | 1
  for (let index = 0; index < words.length; index++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[index] = state
  }
  return new Uint8Array(words.buffer, 0, sizeBytes)
}
