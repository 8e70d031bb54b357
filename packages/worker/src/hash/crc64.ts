import { createCRC64 } from 'hash-wasm'

/** Computes the CRC-64/XZ of bytes, as OSS does for `x-oss-hash-crc64ecma`. */
export type Crc64 = (bytes: Uint8Array) => bigint

/** Loads the WebAssembly. The defaults of hash-wasm are OSS's polynomial (check value in the tests). */
export async function createCrc64(): Promise<Crc64> {
  const hasher = await createCRC64()
  return (bytes) => BigInt(`0x${hasher.init().update(bytes).digest('hex')}`)
}
