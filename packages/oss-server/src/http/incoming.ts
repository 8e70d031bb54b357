import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { claimedAccessKeyId } from '../auth/credentials.ts'
import { classify, type Classified, type OperationName } from '../operations/operation.ts'
import { readHeaders, type RequestHeaders } from './headers.ts'
import type { PostedForm } from './posted-form.ts'
import { queryValue } from './query.ts'
import { parseTarget, type Target, type TargetResult } from './target.ts'

/** A request, taken apart. */
export interface Incoming {
  /** 24 upper-case hex digits. */
  readonly requestId: string
  readonly method: string
  readonly headers: RequestHeaders
  /** Host header, '' when there is none. */
  readonly host: string
  readonly parsed: TargetResult
  /** An empty one when the address cannot be decoded. */
  readonly target: Target
  readonly classified: Classified
  readonly operation: OperationName | undefined
  readonly uploadId: string
  readonly partNumber: number | undefined
  /** Key id that the request claims, not checked; '' when it names none. */
  readonly accessKeyId: string
  /** Security token of the request, wherever it is; '' when there is none. */
  readonly token: string
  /** For PostObject only: the form, without which key, key id and token are not known. */
  readonly posted?: PostedForm
}

const NO_TARGET: Target = { bucket: undefined, key: undefined, query: [], rawPath: '' }

/** Takes a request apart. Never fails: what cannot be understood is told by {@link Incoming.parsed}. */
export function readIncoming(request: IncomingMessage, cnames: ReadonlyMap<string, string>): Incoming {
  const method = request.method ?? ''
  const headers = readHeaders(request.rawHeaders)
  const host = headers.get('host') ?? ''
  const parsed = parseTarget(request.url ?? '', host, cnames)
  const target = parsed.kind === 'target' ? parsed.target : NO_TARGET
  const classified = classify(method, target, headers)
  const partNumber = queryValue(target.query, 'partNumber') ?? ''
  return {
    requestId: randomBytes(12).toString('hex').toUpperCase(),
    method,
    headers,
    host,
    parsed,
    target,
    classified,
    operation: operationName(classified),
    uploadId: queryValue(target.query, 'uploadId') ?? '',
    partNumber: /^\d{1,9}$/.test(partNumber) ? Number(partNumber) : undefined,
    accessKeyId: claimedAccessKeyId(headers, target.query),
    token:
      headers.get('x-oss-security-token') ??
      queryValue(target.query, 'x-oss-security-token') ??
      queryValue(target.query, 'security-token') ??
      '',
  }
}

function operationName(classified: Classified): OperationName | undefined {
  switch (classified.kind) {
    case 'preflight':
      return 'Preflight'
    case 'operation':
      return classified.operation
    case 'unknown':
      return undefined
  }
}
