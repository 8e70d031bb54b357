import { orderedError, orderedPage, spoilAnswer } from '../faults/answer-faults.ts'
import { withBodyFaults } from '../faults/body-faults.ts'
import type { FaultOrder } from '../faults/fault-order.ts'
import type { RequestBody } from '../operations/context.ts'
import type { BucketSettings } from '../store/bucket-store.ts'
import { errorAnswer, type Answer } from './answer.ts'
import { actualCorsHeaders } from './cors-answer.ts'
import type { Environment } from './environment.ts'
import type { Incoming } from './incoming.ts'
import { OssError } from './oss-error.ts'
import { pace } from './pace.ts'
import { respond } from './respond.ts'
import type { Channel } from './send-answer.ts'
import { toHttpTime } from './time.ts'
import { untilAborted, wait } from './wait.ts'

/** A request that was dealt with. */
export type CarriedOut =
  | { readonly isDropped: false; readonly answer: Answer }
  /** The connection was given up on order. `answer` is what was kept from the client, if there was an effect. */
  | { readonly isDropped: true; readonly answer: Answer | undefined }

/** Unwinds whatever was going on when the connection is ended on order. */
class ConnectionDropped extends Error {
  override readonly name: string = 'ConnectionDropped'
}

/**
 * Deals with a request up to its answer, with the faults ordered for it.
 *
 * @param orders orders that hit this request
 */
export async function carryOut(
  channel: Channel,
  { settings, store, faults, tokenSeries }: Environment,
  incoming: Incoming,
  orders: readonly FaultOrder[],
): Promise<CarriedOut> {
  const startedMs = performance.now()
  const { closed } = channel
  const { requestId, method, host, target } = incoming
  const nowMs = settings.now() + clockOffset(orders)
  const bucketSettings = target.bucket === undefined ? undefined : store.buckets.get(target.bucket)

  const end = async (ending: 'reset' | 'close' | 'stall'): Promise<never> => {
    if (ending === 'reset') channel.request.socket.resetAndDestroy()
    if (ending === 'close') channel.request.socket.destroy()
    if (ending === 'stall') await untilAborted(closed)
    throw new ConnectionDropped()
  }

  const takeEffect = (): Promise<Answer> =>
    respond(incoming, {
      settings,
      store,
      tokenSeries,
      nowMs,
      openBody: (askedBytesPerSecond) => {
        const speed = (): number | undefined =>
          lowestSpeed(askedBytesPerSecond, orders.filter(faults.isStanding))
        return shapeBody(channel, incoming, speed, orders, end)
      },
      isCallbackDoomed: orders.some((order) => order.kind === 'callback-failed'),
    })

  const answerOf = async (): Promise<Answer> => {
    const page = orderedPage(orders, 'instead-of-effect')
    if (page !== undefined) return page
    try {
      const error = orderedError(orders, incoming.token)
      if (error !== undefined) throw error
      await endWithoutEffect(channel, orders, end)
      return await takeEffect()
    } catch (error) {
      if (error instanceof ConnectionDropped) throw error
      if (!(error instanceof OssError)) settings.onInternalError(error, requestId)
      const { hasDetailCodes } = settings
      return errorAnswer(error, { requestId, hostId: host, method, hasDetailCodes })
    }
  }

  let answer: Answer | undefined
  try {
    await wait(delayOf(orders, 'request'), closed)
    answer = await answerOf()
    await wait(delayOf(orders, 'answer'), closed)
    const lost = orders.find((order) => order.kind === 'lost-answer')
    if (lost !== undefined) await end(lost.ending ?? 'reset')
    const page = orderedPage(orders, 'after-effect')
    if (page !== undefined) {
      await closeBody(answer)
      return { isDropped: false, answer: page }
    }
    if (answer.isForeign === true) return { isDropped: false, answer }
    const whole = withSharedHeaders(answer, incoming, bucketSettings, { nowMs, startedMs })
    return { isDropped: false, answer: spoilAnswer(whole, orders) }
  } catch (error) {
    if (!(error instanceof ConnectionDropped)) throw error
    await closeBody(answer)
    return { isDropped: true, answer }
  }
}

/** Adds the headers that all answers of the service have. */
function withSharedHeaders(
  answer: Answer,
  { requestId, method, headers, operation }: Incoming,
  bucketSettings: BucketSettings | undefined,
  { nowMs, startedMs }: { readonly nowMs: number; readonly startedMs: number },
): Answer {
  return {
    ...answer,
    headers: {
      server: 'AliyunOSS',
      date: toHttpTime(nowMs),
      'x-oss-request-id': requestId,
      'x-oss-server-time': String(Math.round(performance.now() - startedMs)),
      ...(operation !== 'Preflight' && actualCorsHeaders(method, headers, bucketSettings)),
      ...(bucketSettings?.responseVary === true && { vary: 'Origin' }),
      ...answer.headers,
    },
  }
}

/** For an answer that nobody will send. */
async function closeBody(answer: Answer | undefined): Promise<void> {
  if (answer?.body.kind === 'file') await answer.body.file.close()
}

/** Faults that end the connection without an effect and without an operation reading the body. */
async function endWithoutEffect(
  { body }: Channel,
  orders: readonly FaultOrder[],
  end: (ending: 'reset' | 'stall') => Promise<never>,
): Promise<void> {
  const hasBody = body.declaredBytes !== 0
  for (const order of orders) {
    if (order.kind !== 'reset' && order.kind !== 'stall') continue
    if (order.when === 'before-body') await end(order.kind)
    const isWithinBody = order.when === 'during-body' || order.when === 'reading'
    if (isWithinBody && hasBody) continue
    for await (const _ of body.chunks()) {
      // Taken and thrown away: the client sees its body arrive.
    }
    await end(order.kind)
  }
}

/** The body as operations see it; of a form that is the file alone. */
function shapeBody(
  { body, closed }: Channel,
  { posted }: Incoming,
  bytesPerSecond: () => number | undefined,
  orders: readonly FaultOrder[],
  end: (ending: 'reset' | 'stall') => Promise<never>,
): RequestBody {
  return {
    bytesPerSecond,
    declaredBytes: body.declaredBytes,
    chunks: () => {
      const chunks = posted?.kind === 'form' ? posted.form.file.chunks() : body.chunks()
      const paced = bytesPerSecond() === undefined ? chunks : pace(chunks, bytesPerSecond, closed)
      return withBodyFaults(paced, body.declaredBytes ?? 0, orders, end)
    },
  }
}

/** @returns `undefined` when there is no limit */
function lowestSpeed(
  askedBytesPerSecond: number | undefined,
  orders: readonly FaultOrder[],
): number | undefined {
  const limits = orders.flatMap((order) => (order.kind === 'bandwidth' ? order.bytesPerSecond : []))
  if (askedBytesPerSecond !== undefined) limits.push(askedBytesPerSecond)
  return limits.length === 0 ? undefined : Math.min(...limits)
}

function delayOf(orders: readonly FaultOrder[], when: 'request' | 'answer'): number {
  return orders.reduce(
    (sum, order) =>
      order.kind === 'delay' && (order.when ?? 'request') === when ? sum + order.delayMs : sum,
    0,
  )
}

function clockOffset(orders: readonly FaultOrder[]): number {
  return orders.reduce((sum, order) => (order.kind === 'clock-skew' ? sum + order.offsetMs : sum), 0)
}
