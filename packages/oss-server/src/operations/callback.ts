import type { Answer } from '../http/answer.ts'
import { renderXml } from '../http/xml.ts'
import type { ObjectRecord } from '../store/object-record.ts'
import { parseCallbackOrder, renderCallbackBody, type CallbackOrder } from './callback-order.ts'
import type { ObjectContext } from './context.ts'
import { postCallback } from './post-callback.ts'

/** The callback of a request; throws when it is malformed. To be read before anything is stored. */
export function readCallback({ headers, query }: ObjectContext): CallbackOrder | undefined {
  return parseCallbackOrder(headers, query)
}

/**
 * Tells the application server and gives its answer to the client. When that fails the client gets 203 with an
 * error document: the object is stored all the same, and the headers of success are there.
 *
 * @param order callback of the request, `undefined`: `answer` is given as it is
 * @param record the object just stored
 * @param answer answer without a callback
 */
export async function answerWithCallback(
  context: ObjectContext,
  order: CallbackOrder | undefined,
  record: ObjectRecord,
  answer: Answer,
): Promise<Answer> {
  if (context.isCallbackDoomed) return callbackFailed(context, answer, 'Error status : 502.')
  if (order === undefined) return answer
  const body = renderCallbackBody(order, {
    bucket: context.bucket,
    object: context.key,
    etag: record.etag,
    size: record.sizeBytes,
    mimeType: record.headers['content-type'] ?? '',
    contentMd5: record.contentMd5 ?? '',
    crc64: record.crc64 === undefined ? '' : String(record.crc64),
    reqId: context.requestId,
    operation: context.operation,
  })
  let failure = ''
  for (const url of order.urls) {
    const outcome = await postCallback(url, order, body)
    if (outcome.kind === 'answered') {
      return {
        ...answer,
        headers: { ...answer.headers, 'content-type': 'application/json' },
        body: { kind: 'text', text: outcome.json },
      }
    }
    failure = outcome.message
  }
  return callbackFailed(context, answer, failure)
}

function callbackFailed({ requestId, host }: ObjectContext, answer: Answer, message: string): Answer {
  const xml = renderXml([
    'Error',
    [
      ['Code', 'CallbackFailed'],
      ['Message', message],
      ['RequestId', requestId],
      ['HostId', host],
      ['EC', '0007-00000203'],
      ['RecommendDoc', 'https://api.aliyun.com/troubleshoot?q=0007-00000203'],
    ],
  ])
  return {
    ...answer,
    status: 203,
    headers: { ...answer.headers, 'content-type': 'application/xml', 'x-oss-ec': '0007-00000203' },
    body: { kind: 'text', text: xml },
    code: 'CallbackFailed',
  }
}
