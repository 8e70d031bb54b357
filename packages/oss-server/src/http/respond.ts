import { authenticate, type Identity } from '../auth/authenticate.ts'
import { authorize, type BucketAcl } from '../auth/authorize.ts'
import { readCredentials } from '../auth/credentials.ts'
import { readFormCredentials } from '../auth/form-credentials.ts'
import type { SignedRequest } from '../auth/signed-request.ts'
import type { TokenSeries } from '../auth/token-series.ts'
import { MAX_KEY_BYTES } from '../limits.ts'
import type { RequestBody, ServiceContext } from '../operations/context.ts'
import { HANDLERS, type Handler } from '../operations/handlers.ts'
import { effectiveAcl } from '../operations/object-acl.ts'
import type { SignedOperationName } from '../operations/operation.ts'
import { readTrafficLimit } from '../operations/traffic-limit.ts'
import type { ServerSettings } from '../settings.ts'
import { isBucketName, type BucketSettings } from '../store/bucket-store.ts'
import type { Store } from '../store/store.ts'
import type { Answer } from './answer.ts'
import { answerPreflight } from './cors-answer.ts'
import { invalidArgument, invalidBucketName, invalidObjectName, noSuchBucket } from './errors.ts'
import type { Form } from './form-data.ts'
import type { Incoming } from './incoming.ts'
import { headersOfForm } from './posted-form.ts'

/** What a request is answered with. */
export interface Respondent {
  readonly settings: ServerSettings
  readonly store: Store
  readonly tokenSeries: TokenSeries
  /** Epoch ms, as this request sees the clock. */
  readonly nowMs: number
  /** The body, at the speed that the client asks for in bytes per second. */
  readonly openBody: (askedBytesPerSecond: number | undefined) => RequestBody
  readonly isCallbackDoomed: boolean
}

/**
 * Carries a request out, checking in the service's order: address and bucket, preflight, authentication,
 * permission, operation.
 *
 * @throws OssError, and whatever the disk throws
 */
export async function respond(incoming: Incoming, respondent: Respondent): Promise<Answer> {
  const { settings, store, tokenSeries, nowMs } = respondent
  const { parsed, method, target, headers, operation, classified, posted } = incoming
  if (parsed.kind === 'undecodable') {
    if (parsed.part === 'path') throw invalidObjectName()
    throw invalidArgument('The query is not valid.', 'query', parsed.text)
  }
  const bucketSettings = checkBucket(incoming, store)
  if (classified.kind === 'preflight') return answerPreflight(headers, bucketSettings)

  const signed: SignedRequest = {
    method,
    bucket: target.bucket,
    key: target.key,
    query: target.query,
    headers,
  }
  const credentials =
    posted === undefined
      ? readCredentials(signed, settings.region)
      : readFormCredentials(formOf(incoming).fields, settings.region)
  const identity = authenticate(credentials, signed, {
    accessKeys: settings.accessKeys,
    serverSecret: store.tokenSecret,
    isSeriesExpired: (series) => tokenSeries.isExpired(series),
    nowMs,
  })

  const handler = classified.kind === 'operation' ? HANDLERS[classified.operation] : undefined
  authorize(identity, {
    operation,
    bucket: target.bucket,
    key: target.key,
    kind: handler?.access ?? 'write',
    acl: aclOf(store, target.bucket, target.key),
  })
  if (classified.kind === 'unknown') throw classified.error
  return runHandler(classified.operation, incoming, identity, respondent)
}

function checkBucket({ target, operation }: Incoming, store: Store): BucketSettings | undefined {
  const { bucket } = target
  if (bucket === undefined) return undefined
  if (!isBucketName(bucket)) throw invalidBucketName(bucket)
  const settings = store.buckets.get(bucket)
  if (settings === undefined && operation !== 'PutBucket') throw noSuchBucket(bucket)
  return settings
}

function runHandler(
  operation: SignedOperationName,
  incoming: Incoming,
  identity: Identity,
  { settings, store, openBody, nowMs, isCallbackDoomed }: Respondent,
): Promise<Answer> {
  const { method, target, requestId, host } = incoming
  const handler: Handler = HANDLERS[operation]
  const headers = handler.on === 'form' ? headersOfForm(formOf(incoming)) : incoming.headers
  const context: ServiceContext = {
    operation,
    method,
    query: target.query,
    headers,
    body: openBody(readTrafficLimit(headers, target.query)),
    store,
    limits: settings.limits,
    requestId,
    host,
    nowMs,
    copiedPartsHaveCrc: settings.copiedPartsHaveCrc,
    isCallbackDoomed,
    isAnonymous: identity.kind === 'anonymous',
    authorizeRead: (bucket, key) =>
      authorize(identity, {
        operation: 'GetObject',
        bucket,
        key,
        kind: 'read',
        acl: aclOf(store, bucket, key),
      }),
  }
  const bucket = target.bucket ?? ''
  switch (handler.on) {
    case 'service':
      return handler.run(context)
    case 'bucket':
      return handler.run({ ...context, bucket })
    case 'object':
      return handler.run({ ...context, bucket, key: checkedKey(target.key) })
    case 'form':
      return handler.run({
        ...context,
        bucket,
        key: checkedKey(target.key),
        form: formOf(incoming),
        bucketUrl: `http://${host}${target.rawPath.replace(/\/$/, '')}`,
      })
  }
}

/** @throws OssError when the form could not be read */
function formOf({ posted }: Incoming): Form {
  if (posted === undefined) throw new Error('the form was not read')
  if (posted.kind === 'unreadable') throw posted.error
  return posted.form
}

function aclOf(store: Store, bucket: string | undefined, key: string | undefined): BucketAcl {
  if (bucket === undefined) return 'private'
  const record = key === undefined ? undefined : store.objects.get(bucket, key)
  return effectiveAcl(record, store.buckets.get(bucket)?.acl ?? 'private')
}

/** Rules of page Object naming. */
function checkedKey(key: string | undefined): string {
  const isValid = key !== undefined && /^[^/\\]/.test(key) && Buffer.byteLength(key, 'utf8') <= MAX_KEY_BYTES
  if (!isValid) throw invalidObjectName()
  return key
}
