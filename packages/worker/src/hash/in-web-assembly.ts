import { UploadError } from '../protocol/errors.ts'

/**
 * Makes what computes in WebAssembly.
 *
 * @param name what is computed
 * @throws {UploadError} `WORKER_FAILED` where the page's CSP or the browser refuses WebAssembly
 */
export async function inWebAssembly<T>(name: string, make: () => Promise<T>): Promise<T> {
  try {
    return await make()
  } catch (error) {
    throw new UploadError(
      'WORKER_FAILED',
      `${name} needs WebAssembly, which the page's CSP (script-src without 'wasm-unsafe-eval') or the browser refuses.`,
      { cause: error },
    )
  }
}
