import { wait } from './wait.ts'

/**
 * Lets bytes through no faster than a limit, over the whole of the stream.
 *
 * @param chunks the stream
 * @param bytesPerSecond limit, above 0
 * @param closed ends a wait early
 */
export async function* pace(
  chunks: AsyncIterable<Buffer>,
  bytesPerSecond: number,
  closed: AbortSignal,
): AsyncGenerator<Buffer, void> {
  const startedMs = performance.now()
  let passedBytes = 0
  for await (const chunk of chunks) {
    passedBytes += chunk.length
    const dueMs = startedMs + (passedBytes / bytesPerSecond) * 1000
    await wait(dueMs - performance.now(), closed)
    yield chunk
  }
}
