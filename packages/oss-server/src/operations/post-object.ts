import { emptyAnswer, xmlAnswer, type Answer } from '../http/answer.ts'
import { accessDenied, invalidArgument } from '../http/errors.ts'
import { encodePercentPath } from '../http/percent.ts'
import type { ObjectRecord } from '../store/object-record.ts'
import { stageBody } from '../store/stage-body.ts'
import { answerWithCallback } from './callback.ts'
import { parseFormCallback } from './callback-order.ts'
import type { PostContext } from './context.ts'
import { readAttributes, refuseOverwrite } from './object-headers.ts'
import { checkPostPolicy, parsePostPolicy, withinSizeRanges, type PostPolicy } from './post-policy.ts'
import { storedHeaders, storeObject } from './store-object.ts'

/** Fields that a V4 policy has to name, or else they are refused (page EC 0006-00000228). */
const V4_FIELDS: readonly string[] = ['x-oss-signature-version', 'x-oss-credential', 'x-oss-date']

/** PostObject. What headers are to PutObject, the fields of the form are here. */
export async function postObject(context: PostContext): Promise<Answer> {
  const { bucket, key, headers, form, store, body } = context
  const policy = checkedPolicy(context)
  const attributes = readAttributes(headers)
  const callback = parseFormCallback(form.fields)
  const redirect = readRedirect(form.fields.get('success_action_redirect'))
  refuseOverwrite(headers, store.objects.get(bucket, key))
  const record = await storeObject(context, attributes, (target) => {
    const file = policy === undefined ? body.chunks() : withinSizeRanges(body.chunks(), policy)
    return stageBody(file, target, store.digester, body.declaredBytes ?? 0)
  })
  if (callback !== undefined || context.isCallbackDoomed) {
    return answerWithCallback(context, callback, record, emptyAnswer(200, storedHeaders(record)))
  }
  return successAnswer(context, record, redirect)
}

/**
 * The key counts as it was sent, with its `${filename}`: SDKs write policies so.
 *
 * @returns `undefined` for an anonymous form, which needs none
 */
function checkedPolicy({ bucket, form, isAnonymous, nowMs }: PostContext): PostPolicy | undefined {
  if (isAnonymous) return undefined
  const policy = parsePostPolicy(form.fields.get('policy') ?? '')
  checkPostPolicy(
    policy,
    (field) => {
      if (field === 'bucket') return bucket
      if (field === 'content-type') return form.fields.get(field) ?? form.file.contentType
      return form.fields.get(field)
    },
    nowMs,
  )
  const named = new Set(policy.conditions.map(({ field }) => field))
  const extra = V4_FIELDS.find((field) => form.fields.has(field) && !named.has(field))
  if (extra !== undefined) {
    throw accessDenied(`Invalid according to Policy: Extra input fields: ${extra}`, '0006-00000228')
  }
  return policy
}

function readRedirect(text: string | undefined): URL | undefined {
  if (text === undefined || text === '') return undefined
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    throw invalidArgument('The success_action_redirect is not a URL.', 'success_action_redirect', text)
  }
  return new URL(text)
}

/** Any other status than the three is as good as none. */
function successAnswer(
  { bucket, key, bucketUrl, form }: PostContext,
  record: ObjectRecord,
  redirect: URL | undefined,
): Answer {
  const stored = storedHeaders(record)
  if (redirect !== undefined) return emptyAnswer(303, { ...stored, location: redirect.href })
  switch (form.fields.get('success_action_status') ?? '') {
    case '200':
      return emptyAnswer(200, stored)
    case '201':
      return {
        ...xmlAnswer(
          [
            'PostResponse',
            [
              ['Bucket', bucket],
              ['ETag', `"${record.etag}"`],
              ['Key', key],
              ['Location', `${bucketUrl}/${encodePercentPath(key)}`],
            ],
          ],
          stored,
        ),
        status: 201,
      }
    default:
      return emptyAnswer(204, stored)
  }
}
