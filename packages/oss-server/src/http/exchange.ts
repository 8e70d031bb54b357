import { randomBytes } from 'node:crypto'
import { authenticate } from '../auth/authenticate.ts'
import { authorize } from '../auth/authorize.ts'
import { readCredentials } from '../auth/credentials.ts'
import { MAX_KEY_BYTES } from '../limits.ts'
import type { ServiceContext } from '../operations/context.ts'
import { HANDLERS } from '../operations/handlers.ts'
import { classify, type OperationName } from '../operations/operation.ts'
import type { ServerSettings } from '../settings.ts'
import { isBucketName, type BucketSettings } from '../store/bucket-store.ts'
import type { Store } from '../store/store.ts'
import type { AccessLog } from './access-log.ts'
import { emptyAnswer, errorAnswer, type Answer } from './answer.ts'
import { corsHeaders, matchCorsRule, parseHeaderNames } from './cors.ts'
import {
  corsForbidden,
  incompletePreflight,
  invalidArgument,
  invalidBucketName,
  invalidObjectName,
  methodNotAllowed,
  noSuchBucket,
} from './errors.ts'
import { readHeaders, type RequestHeaders } from './headers.ts'
import { queryValue } from './query.ts'
import { sendAnswer, type Channel } from './send-answer.ts'
import { parseTarget, type Target } from './target.ts'
import { toHttpTime } from './time.ts'

/** What exchanges share. */
export interface ExchangeEnvironment {
  readonly settings: ServerSettings
  readonly store: Store
  readonly log: AccessLog
}

/** Answers one request and writes its line into the access log. Never rejects. */
export async function runExchange(channel: Channel, environment: ExchangeEnvironment): Promise<void> {
  const { request, body } = channel
  const { settings, store, log } = environment
  const startedMs = performance.now()
  const nowMs = settings.now()
  const requestId = randomBytes(12).toString('hex').toUpperCase()
  const method = request.method ?? ''
  const headers = readHeaders(request.rawHeaders)
  const host = headers.get('host') ?? ''
  const parsed = parseTarget(request.url ?? '', host, settings.cnames)
  const target: Target =
    parsed.kind === 'target' ? parsed.target : { bucket: undefined, key: undefined, query: [], rawPath: '' }
  const classified = classify(method, target, headers)
  const operation = classified.kind === 'operation' ? classified.operation : undefined
  const bucketSettings = target.bucket === undefined ? undefined : store.buckets.get(target.bucket)
  let accessKeyId = ''

  const respond = async (): Promise<Answer> => {
    if (parsed.kind === 'undecodable') throw undecodable(parsed.part, parsed.text)
    checkBucket(target, operation, bucketSettings)
    if (operation === 'Preflight') return preflight(headers, bucketSettings)
    const signed = { method, bucket: target.bucket, key: target.key, query: target.query, headers }
    const credentials = readCredentials(signed, settings.region)
    if (credentials.kind !== 'anonymous') accessKeyId = credentials.accessKeyId
    const identity = authenticate(credentials, signed, {
      accessKeys: settings.accessKeys,
      serverSecret: store.tokenSecret,
      nowMs,
    })
    const acl = bucketSettings?.acl ?? 'private'
    const handler = operation === undefined ? undefined : HANDLERS[operation]
    authorize(identity, {
      operation: operation ?? '',
      bucket: target.bucket,
      key: target.key,
      kind: handler?.access ?? 'write',
      acl,
    })
    if (classified.kind === 'unknown') throw classified.error
    if (handler === undefined) throw methodNotAllowed(method, 'OBJECT')
    const context: ServiceContext = {
      method,
      query: target.query,
      headers,
      body,
      store,
      limits: settings.limits,
      requestId,
      host,
      nowMs,
      copiedPartsHaveCrc: settings.copiedPartsHaveCrc,
      isCallbackDoomed: false,
      isAnonymous: identity.kind === 'anonymous',
      authorizeRead: (bucket, key) =>
        authorize(identity, { operation: 'GetObject', bucket, key, kind: 'read', acl: 'private' }),
    }
    switch (handler.on) {
      case 'service':
        return handler.run(context)
      case 'bucket':
        return handler.run({ ...context, bucket: target.bucket ?? '' })
      case 'object':
        return handler.run({ ...context, bucket: target.bucket ?? '', key: checkedKey(target.key) })
    }
  }

  let answer: Answer
  try {
    answer = await respond()
  } catch (error) {
    answer = errorAnswer(error, { requestId, hostId: host, method })
  }
  const outcome = await sendAnswer(channel, {
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
  })
  log.write({
    time: new Date(nowMs).toISOString(),
    requestId,
    method,
    op: operation ?? '',
    bucket: target.bucket ?? '',
    key: target.key ?? '',
    uploadId: answer.uploadId ?? queryValue(target.query, 'uploadId') ?? '',
    partNumber: partNumberOf(target),
    status: answer.status,
    code: answer.code,
    bytesIn: body.receivedBytes(),
    accessKeyId,
    aborted: outcome === 'aborted',
    faults: [],
  })
}

function undecodable(part: 'path' | 'query', text: string): Error {
  return part === 'path' ? invalidObjectName() : invalidArgument('The query is not valid.', 'query', text)
}

function checkBucket(
  { bucket }: Target,
  operation: OperationName | undefined,
  settings: BucketSettings | undefined,
): void {
  if (bucket === undefined) return
  if (!isBucketName(bucket)) throw invalidBucketName(bucket)
  if (settings === undefined && operation !== 'PutBucket') throw noSuchBucket(bucket)
}

/** Follows the rules of page Object naming. */
function checkedKey(key: string | undefined): string {
  const isValid = key !== undefined && Buffer.byteLength(key, 'utf8') <= MAX_KEY_BYTES && !/^[/\\]/.test(key)
  if (!isValid) throw invalidObjectName()
  return key
}

function preflight(headers: RequestHeaders, settings: BucketSettings | undefined): Answer {
  const origin = headers.get('origin')
  const method = headers.get('access-control-request-method')
  if (origin === undefined) throw incompletePreflight('Origin')
  if (method === undefined) throw incompletePreflight('Access-Control-Request-Method')
  const requestHeaders = parseHeaderNames(headers.get('access-control-request-headers') ?? '')
  const corsRequest = { origin, method, requestHeaders }
  const rule = matchCorsRule(settings?.cors ?? [], corsRequest)
  if (rule === undefined) throw corsForbidden()
  return emptyAnswer(200, corsHeaders(rule, corsRequest))
}

function actualCorsHeaders(
  method: string,
  headers: RequestHeaders,
  settings: BucketSettings | undefined,
): Record<string, string> {
  const origin = headers.get('origin')
  if (origin === undefined) return {}
  const corsRequest = { origin, method, requestHeaders: [] }
  const rule = matchCorsRule(settings?.cors ?? [], corsRequest)
  return rule === undefined ? {} : corsHeaders(rule, corsRequest)
}

function partNumberOf({ query }: Target): number | null {
  const text = queryValue(query, 'partNumber') ?? ''
  return /^\d{1,9}$/.test(text) ? Number(text) : null
}
