import type { Agent } from 'node:http'
import { signV1 } from '../auth/signature-v1.ts'
import { scopeText, signV4 } from '../auth/signature-v4.ts'
import { toBasicTime } from '../http/time.ts'
import { LOCAL_ACCESS_KEY } from '../options.ts'
import { sendRaw, type ClientAnswer, type ClientKeys } from './client.ts'
import { BUCKET } from './running-server.ts'

/** Fields of a form in the order in which they are sent. */
export type FormFields = Readonly<Record<string, string>>

/** A policy that is signed and sent. */
export interface PolicyText {
  readonly expiration: string
  readonly conditions: readonly unknown[]
}

const HOUR_MS = 3_600_000

/** A policy that allows anything for an hour. */
export function openPolicy(conditions: readonly unknown[] = [{ bucket: BUCKET }]): PolicyText {
  return { expiration: new Date(Date.now() + HOUR_MS).toISOString(), conditions }
}

/** Fields of a V1 form. */
export function signFormV1(policy: PolicyText, keys: ClientKeys = LOCAL_ACCESS_KEY): FormFields {
  const text = pack(policy)
  return {
    OSSAccessKeyId: keys.accessKeyId,
    policy: text,
    Signature: signV1(keys.accessKeySecret, text),
    ...(keys.securityToken !== undefined && { 'x-oss-security-token': keys.securityToken }),
  }
}

/** Fields of a V4 form, which are added to the conditions as the service wants it. */
export function signFormV4(policy: PolicyText, keys: ClientKeys = LOCAL_ACCESS_KEY): FormFields {
  const date = toBasicTime(Date.now())
  const scope = { date: date.slice(0, 8), region: 'cn-hangzhou', product: 'oss' }
  const fields = {
    'x-oss-signature-version': 'OSS4-HMAC-SHA256',
    'x-oss-credential': `${keys.accessKeyId}/${scopeText(scope)}`,
    'x-oss-date': date,
    ...(keys.securityToken !== undefined && { 'x-oss-security-token': keys.securityToken }),
  }
  const named = Object.entries(fields).map(([name, value]) => ({ [name]: value }))
  const text = pack({ ...policy, conditions: [...policy.conditions, ...named] })
  return { ...fields, policy: text, 'x-oss-signature': signV4(keys.accessKeySecret, scope, text) }
}

/** A form as browsers encode it: fields in order, the file last. */
export function formOf(fields: FormFields, file: string | Blob = 'abc', filename = 'file.bin'): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', typeof file === 'string' ? new Blob([file]) : file, filename)
  return form
}

/** How a form is posted. */
export interface PostOptions {
  readonly path?: string
  readonly headers?: FormFields
  readonly agent?: Agent
}

/** Posts a form to the bucket in path style, or as told. */
export async function postForm(
  server: { readonly url: string },
  form: FormData,
  { path = `/${BUCKET}`, headers = {}, agent }: PostOptions = {},
): Promise<ClientAnswer> {
  const encoded = new Response(form)
  const contentType = encoded.headers.get('content-type') ?? ''
  const body = Buffer.from(await encoded.arrayBuffer())
  return sendRaw({
    url: server.url,
    path,
    method: 'POST',
    headers: { 'content-type': contentType, ...headers },
    body,
    ...(agent !== undefined && { agent }),
  })
}

function pack(policy: PolicyText): string {
  return Buffer.from(JSON.stringify(policy), 'utf8').toString('base64')
}
