import { loadPart } from '../load-part.ts'

/** SHA-256 and HMAC-SHA-256. */
export interface Sha256 {
  digest(text: string): Promise<Uint8Array>
  /** Makes a function that computes the HMAC of texts with a key. */
  hmac(key: Uint8Array): Promise<(text: string) => Promise<Uint8Array>>
}

let loaded: Promise<Sha256> | undefined

/**
 * The browser's own where it offers it: in secure contexts, which https and localhost are. Elsewhere WebAssembly, which is a
 * part of the script that is loaded only then: 12 kB of gzip that hardly any page needs (measured, hash-wasm 4.13).
 */
export function loadSha256(): Promise<Sha256> {
  const { subtle } = globalThis.crypto
  // Its declaration forgets insecure contexts.
  const offered: SubtleCrypto | undefined = subtle
  loaded ??=
    offered === undefined
      ? loadPart('SHA-256', () => import('./wasm-sha256.ts'))
          .then(({ createWasmSha256 }) => createWasmSha256())
          .catch((error: unknown) => {
            loaded = undefined
            throw error
          })
      : Promise.resolve(createWebSha256(offered))
  return loaded
}

const encoder = new TextEncoder()

export function createWebSha256(subtle: SubtleCrypto): Sha256 {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  return {
    digest: async (text) => new Uint8Array(await subtle.digest('SHA-256', encoder.encode(text))),
    async hmac(key) {
      const imported = await subtle.importKey('raw', new Uint8Array(key), algorithm, false, ['sign'])
      return async (text) => new Uint8Array(await subtle.sign(algorithm, imported, encoder.encode(text)))
    },
  }
}
