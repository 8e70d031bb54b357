import type { OssForm, RequestToSign } from '@sluice/core'
import type { OssServer } from '@sluice/oss-server'
import { LOCAL_ACCESS_KEY } from '@sluice/oss-server'
import { createV4Signer } from '@sluice/worker'
import OSS from 'ali-oss'

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

/** A URL as it was signed at a date: by Sluice's own signer, since ali-oss takes none. */
export async function signUrlAt(
  server: OssServer,
  { bucket, key, ...request }: RequestToSign,
  date: Date,
  expiresInSeconds: number,
): Promise<string> {
  const signer = await createV4Signer({ ...LOCAL_ACCESS_KEY, securityToken: undefined }, REGION)
  const query = await signer.signQuery({ ...request, bucket, key }, date, expiresInSeconds)
  return `${server.url}/${bucket}/${encodeURIComponent(key)}?${new URLSearchParams(query)}`
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
