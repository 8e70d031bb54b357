import { carryOut } from './carry-out.ts'
import { answerControl } from './control.ts'
import type { Environment } from './environment.ts'
import { readIncoming } from './incoming.ts'
import { withPostedForm } from './posted-form.ts'
import { sendAnswer, type Channel } from './send-answer.ts'

/** First segment of control paths: no bucket can be called so. */
const CONTROL_BUCKET = '-'

/** Answers one request and writes its line into the access log. Control requests have no line. */
export async function runExchange(channel: Channel, environment: Environment): Promise<void> {
  const { settings, faults, log } = environment
  const cameMs = settings.now()
  const request = readIncoming(channel.request, settings.cnames)
  if (settings.hasControl && request.target.bucket === CONTROL_BUCKET) {
    const { method, target } = request
    await sendAnswer(channel, await answerControl(method, target.rawPath, channel.body, faults))
    return
  }
  const incoming =
    request.operation === 'PostObject'
      ? await withPostedForm(request, channel.body, settings.limits.maxPutBytes)
      : request
  const { requestId, method, operation, target, partNumber, accessKeyId } = incoming
  const { bucket, key } = target
  const orders = operation === undefined ? [] : faults.fire({ op: operation, bucket, key, partNumber })
  const { answer, isDropped } = await carryOut(channel, environment, incoming, orders)
  const wasSent = !isDropped && (await sendAnswer(channel, answer)) === 'sent'
  log.write({
    time: new Date(cameMs).toISOString(),
    requestId,
    method,
    op: operation ?? '',
    bucket: bucket ?? '',
    key: key ?? '',
    uploadId: answer?.uploadId ?? incoming.uploadId,
    partNumber: partNumber ?? null,
    status: answer?.status ?? 0,
    code: answer?.code ?? 'ConnectionDropped',
    bytesIn: channel.body.receivedBytes(),
    accessKeyId,
    aborted: !wasSent,
    faults: orders.map((order) => order.kind),
  })
}
