import { combineCrc64, createCrc64 } from '@sluice/worker'

/** CRC-64 of so many bytes from the beginning of a block on. */
export type ContentCrc64 = (lengthBytes: number) => bigint

/**
 * Knows the CRC-64 of any part of a content by arithmetic, so that a server which discards bodies can tell it: no byte
 * but those of one block is read.
 */
export async function createContentCrc64(block: Uint8Array): Promise<ContentCrc64> {
  const crc64 = await createCrc64()
  const known = new Map<number, bigint>()
  return (lengthBytes) => {
    const found = known.get(lengthBytes)
    if (found !== undefined) return found
    const restBytes = lengthBytes % block.length
    const value = combineCrc64([
      {
        crc64: repeat(crc64(block), block.length, Math.floor(lengthBytes / block.length)),
        lengthBytes: lengthBytes - restBytes,
      },
      { crc64: crc64(block.subarray(0, restBytes)), lengthBytes: restBytes },
    ])
    known.set(lengthBytes, value)
    return value
  }
}

/** CRC-64 of a piece so many times in a row, by doubling. */
function repeat(crc64: bigint, lengthBytes: number, times: number): bigint {
  let whole = { crc64: 0n, lengthBytes: 0 }
  let doubled = { crc64, lengthBytes }
  for (let rest = times; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) whole = join(whole, doubled)
    if (rest > 1) doubled = join(doubled, doubled)
  }
  return whole.crc64
}

interface Piece {
  readonly crc64: bigint
  readonly lengthBytes: number
}

function join(one: Piece, other: Piece): Piece {
  return { crc64: combineCrc64([one, other]), lengthBytes: one.lengthBytes + other.lengthBytes }
}
