import type { OssForm, RequestToSign } from '@sluice/core'
import type { OssServer } from '@sluice/oss-server'
import { LOCAL_ACCESS_KEY } from '@sluice/oss-server'
import OSS from 'ali-oss'
import {
  ALGORITHM_V4,
  canonicalRequestV4,
  scopeText,
  signV4,
  stringToSignV4,
} from '../../packages/oss-server/src/auth/signature-v4.ts'

/** Region of the local OSS. */
export const REGION = 'cn-hangzhou'

/** Not in ali-oss's declarations either. */
const PATH_STYLE = { sldEnable: true }

/** What ali-oss has, and its declarations lack. */
interface SigningClient {
  signatureUrlV4(
    method: string,
    expiresInSeconds: number,
    request: {
      readonly headers: Readonly<Record<string, string>>
      readonly queries: Readonly<Record<string, string | null>>
    },
    key: string,
  ): Promise<string>
  signPostObjectPolicyV4(policy: object, date: Date): string
}

/** Signs as a server of an application does that uses Alibaba Cloud's own library. */
export async function signUrl(
  server: OssServer,
  { method, bucket, key, query, headers }: RequestToSign,
  expiresInSeconds: number,
): Promise<string> {
  // For ali-oss a bare name has no value at all.
  const queries = Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, value === '' ? null : value]),
  )
  return clientOf(server, bucket, key).client.signatureUrlV4(
    method,
    expiresInSeconds,
    { headers, queries },
    key,
  )
}

/** A URL as it was signed at a date: by what the local OSS checks signatures with, since ali-oss takes no date. */
export function signUrlAt(
  server: OssServer,
  { method, bucket, key, query, headers }: RequestToSign,
  date: Date,
  expiresInSeconds: number,
): string {
  const timestamp = date.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const scope = { date: timestamp.slice(0, 8), region: REGION, product: 'oss' }
  const items = Object.entries({
    ...query,
    'x-oss-signature-version': ALGORITHM_V4,
    'x-oss-credential': `${LOCAL_ACCESS_KEY.accessKeyId}/${scopeText(scope)}`,
    'x-oss-date': timestamp,
    'x-oss-expires': String(expiresInSeconds),
  })
  const request = { method, bucket, key, query: items, headers: new Map(Object.entries(headers)) }
  const text = stringToSignV4(timestamp, scope, canonicalRequestV4(request, []))
  const signature = signV4(LOCAL_ACCESS_KEY.accessKeySecret, scope, text)
  const search = new URLSearchParams([...items, ['x-oss-signature', signature]])
  return `${server.url}/${bucket}/${encodeURIComponent(key)}?${search}`
}

/** A form for one key, as it was signed at a date. */
export async function signForm(server: OssServer, bucket: string, key: string, date: Date): Promise<OssForm> {
  const { client, accessKeyId, securityToken } = clientOf(server, bucket, key)
  const timestamp = date.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const signed = {
    'x-oss-signature-version': 'OSS4-HMAC-SHA256',
    'x-oss-credential': `${accessKeyId}/${timestamp.slice(0, 8)}/${REGION}/oss/aliyun_v4_request`,
    'x-oss-date': timestamp,
    'x-oss-security-token': securityToken,
  }
  const policy = {
    expiration: new Date(date.getTime() + 3_600_000).toISOString(),
    conditions: [
      { bucket },
      ['eq', '$key', key],
      ...Object.entries(signed).map(([name, value]) => ({ [name]: value })),
    ],
  }
  const form = {
    policy: Buffer.from(JSON.stringify(policy)).toString('base64'),
    ...signed,
    'x-oss-signature': client.signPostObjectPolicyV4(policy, date),
  }
  return { bucket, key, endpoint: server.url, form }
}

function clientOf(
  server: OssServer,
  bucket: string,
  key: string,
): {
  readonly client: SigningClient
  readonly accessKeyId: string
  readonly securityToken: string
} {
  const { accessKeyId, accessKeySecret, securityToken } = server.issueToken({
    ttlSeconds: 3600,
    bucket,
    keys: [key],
  })
  const client = new OSS({
    accessKeyId,
    accessKeySecret,
    stsToken: securityToken,
    bucket,
    region: `oss-${REGION}`,
    endpoint: server.url,
    ...PATH_STYLE,
    // It warns of tokens that it cannot refresh.
    refreshSTSToken: () => Promise.resolve({ accessKeyId, accessKeySecret, stsToken: securityToken }),
  })
  return { client: client as unknown as SigningClient, accessKeyId, securityToken }
}
