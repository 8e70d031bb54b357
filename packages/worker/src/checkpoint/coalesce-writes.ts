/**
 * Makes many writes of one record into few: while one is under way, all that are asked for become the one after it.
 *
 * @param write writes the record as it is at that moment
 * @returns asks for a write; resolves when a write that began after the call has ended
 */
export function coalesceWrites(write: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined

  const start = (): Promise<void> => {
    next = undefined
    running = write().finally(() => {
      running = undefined
    })
    return running
  }
  return () => {
    if (running === undefined) return start()
    next ??= running.then(start, start)
    return next
  }
}
