/**
 * hash-wasm's ES module holds all algorithms in one piece, of which bundlers cannot load one apart from another. Its
 * builds of single algorithms can be loaded when they are needed.
 */
declare module 'hash-wasm/dist/sha256.umd.min.js' {
  import type { createSHA256 } from 'hash-wasm'
  const parts: { readonly createSHA256: typeof createSHA256 }
  export default parts
}
declare module 'hash-wasm/dist/sha1.umd.min.js' {
  import type { createSHA1 } from 'hash-wasm'
  const parts: { readonly createSHA1: typeof createSHA1 }
  export default parts
}
declare module 'hash-wasm/dist/md5.umd.min.js' {
  import type { createMD5 } from 'hash-wasm'
  const parts: { readonly createMD5: typeof createMD5 }
  export default parts
}
declare module 'hash-wasm/dist/hmac.umd.min.js' {
  import type { createHMAC } from 'hash-wasm'
  const parts: { readonly createHMAC: typeof createHMAC }
  export default parts
}
