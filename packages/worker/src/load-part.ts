import { UploadError } from './protocol/errors.ts'

/**
 * Loads a part of the worker script that hardly any upload needs. A failure is not kept: it may have been the network.
 *
 * @throws {UploadError} `WORKER_FAILED`
 */
export async function loadPart<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    throw new UploadError('WORKER_FAILED', `A part of the worker script did not load: ${name}.`, {
      cause: error,
    })
  }
}
