import type { FaultOrder } from './fault-order.ts'

/** What a broken body does to its connection. */
export type BodyEnding = 'reset' | 'stall'

/**
 * Passes a body through the faults ordered for it.
 *
 * @param chunks the body
 * @param declaredBytes its announced size
 * @param orders orders that hit the request
 * @param end ends the body here and now; never returns
 */
export function withBodyFaults(
  chunks: AsyncIterable<Buffer>,
  declaredBytes: number,
  orders: readonly FaultOrder[],
  end: (ending: BodyEnding) => Promise<never>,
): AsyncIterable<Buffer> {
  let body = chunks
  for (const order of orders) {
    if (order.kind === 'corrupt-body') body = corrupt(body)
    if (order.kind === 'reset' && order.when === 'during-body') {
      body = cutAfter(body, order.afterBytes ?? declaredBytes / 2, () => end('reset'))
    }
    if (order.kind === 'stall' && order.when === 'reading') {
      body = cutAfter(body, order.afterBytes ?? declaredBytes / 2, () => end('stall'))
    }
  }
  return body
}

async function* cutAfter(
  chunks: AsyncIterable<Buffer>,
  afterBytes: number,
  end: () => Promise<never>,
): AsyncGenerator<Buffer, void> {
  let taken = 0
  if (afterBytes === 0) await end()
  for await (const chunk of chunks) {
    taken += chunk.length
    if (taken >= afterBytes) await end()
    yield chunk
  }
  // Shorter than the limit: cut at its end.
  await end()
}

async function* corrupt(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let isDone = false
  for await (const chunk of chunks) {
    if (!isDone) chunk[0] = (chunk[0] ?? 0) ^ 1
    isDone = true
    yield chunk
  }
}
