import { loadPart } from '../load-part.ts'
import { CRC64_WASM, INPUT_END, INPUT_START } from './crc64-wasm.ts'

/**
 * Computes the CRC-64/XZ of bytes, as OSS does for `x-oss-hash-crc64ecma`.
 *
 * @param before CRC of the bytes in front of them; without it there are none
 */
export type Crc64 = (bytes: Uint8Array, before?: bigint) => bigint

/**
 * Loads the CRC-64: in WebAssembly, or as a script where a page's CSP or the browser refuses that, such as Safari in Lockdown
 * Mode. The script is a part of its own that hardly any page loads.
 *
 * @throws {UploadError} `WORKER_FAILED` when that part does not load
 */
export async function loadCrc64(): Promise<Crc64> {
  return createCrc64().catch(async () => {
    const { createScriptCrc64 } = await loadPart('CRC-64', () => import('./crc64-script.ts'))
    return createScriptCrc64()
  })
}

/**
 * Loads the WebAssembly: 580 bytes of our own, since the CRC takes a processor away from the sending on machines with few
 * of them. 3.8 GiB/s beside 1.8 of hash-wasm 4.13 (measured, V8 of Node 20).
 */
export async function createCrc64(): Promise<Crc64> {
  const binary = Uint8Array.from(atob(CRC64_WASM), (char) => char.charCodeAt(0))
  const { instance } = await WebAssembly.instantiate(binary)
  const { memory, update } = instance.exports
  if (!(memory instanceof WebAssembly.Memory) || typeof update !== 'function')
    throw new Error('Not the module of the CRC-64')
  const input = new Uint8Array(memory.buffer, INPUT_START, INPUT_END - INPUT_START)

  return (bytes, before = 0n) => {
    let crc64 = before
    for (let start = 0; start < bytes.length; start += input.length) {
      const slice = bytes.subarray(start, start + input.length)
      input.set(slice)
      // WebAssembly knows 64 bits, not whether they have a sign.
      crc64 = BigInt.asUintN(64, update(crc64, slice.length))
    }
    return crc64
  }
}
