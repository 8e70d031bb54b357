import { createHMAC, createSHA256 } from 'hash-wasm'
import { inWebAssembly } from './in-web-assembly.ts'
import type { Sha256 } from './sha256.ts'

/**
 * One instance serves all keys: nothing awaits between `init()` and `digest()`, so that no two uses of it meet.
 */
export async function createWasmSha256(): Promise<Sha256> {
  const hasher = await inWebAssembly('SHA-256 without https', () => createSHA256())
  return {
    digest: async (text) => hasher.init().update(text).digest('binary'),
    async hmac(key) {
      const keyed = await createHMAC(Promise.resolve(hasher), key)
      return async (text) => keyed.init().update(text).digest('binary')
    },
  }
}
