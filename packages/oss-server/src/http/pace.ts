import { wait } from './wait.ts'

/**
 * Lets bytes through no faster than a limit, over the whole of the stream.
 *
 * @param chunks the stream
 * @param bytesPerSecond limit of the moment, above 0; `undefined` for none
 * @param closed ends a wait early
 */
export async function* pace(
  chunks: AsyncIterable<Buffer>,
  bytesPerSecond: () => number | undefined,
  closed: AbortSignal,
): AsyncGenerator<Buffer, void> {
  let dueMs = performance.now()
  for await (const chunk of chunks) {
    const limit = bytesPerSecond()
    dueMs = limit === undefined ? performance.now() : dueMs + (chunk.length / limit) * 1000
    await wait(dueMs - performance.now(), closed)
    yield chunk
  }
}
