import { describe, expect, test } from 'vitest'
import { readAuthorization, readDestination } from './read-authorization.ts'

const NOW_MS = Date.parse('2026-01-01T00:00:00Z')

const CLOCKS = { nowMs: NOW_MS, serverNowMs: NOW_MS }

const base64 = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64')

const address = {
  Endpoint: 'https://oss-cn-shanghai.aliyuncs.com',
  Bucket: 'outin-32bbe931c64511ea870a00163e1a625e',
  FileName: 'sv/b8cf180-1736f56d144/中 文.mp4',
}
const auth = {
  AccessKeyId: 'STS.id',
  AccessKeySecret: 'the-secret',
  SecurityToken: 'CAIS-token',
  Expiration: '3600',
  Region: 'cn-beijing',
}
const vod = (
  changedAuth: Record<string, unknown> = {},
  changedAddress: Record<string, unknown> = {},
): Record<string, unknown> => ({
  RequestId: 'r',
  VideoId: 'video',
  UploadAddress: base64({ ...address, ...changedAddress }),
  UploadAuth: base64({ ...auth, ...changedAuth }),
})

const plain = {
  bucket: 'bucket',
  key: 'dir/key',
  region: 'cn-hangzhou',
  accessKeyId: 'STS.id',
  accessKeySecret: 'the-secret',
  securityToken: 'the-token',
  expiration: '2026-01-01T01:00:00Z',
}

describe("readAuthorization() of the VOD OpenAPI's JSON", () => {
  test('decodes address and credentials', () => {
    expect(readAuthorization(vod(), CLOCKS)).toEqual({
      destination: {
        bucket: address.Bucket,
        key: address.FileName,
        endpoint: 'https://oss-cn-shanghai.aliyuncs.com',
        style: 'virtual',
      },
      access: {
        kind: 'keys',
        credentials: {
          accessKeyId: 'STS.id',
          accessKeySecret: 'the-secret',
          securityToken: 'CAIS-token',
        },
        // The bucket's region, which the endpoint tells; `Region` is that of the VOD service.
        region: 'cn-shanghai',
      },
      expiresAtMs: NOW_MS + 3_600_000,
      mediaId: 'video',
      isRefreshable: true,
    })
  })

  test('takes names with a lower-case first letter', () => {
    const lower = Object.fromEntries(
      Object.entries(vod()).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]),
    )
    expect(readAuthorization(lower, CLOCKS)).toEqual(readAuthorization(vod(), CLOCKS))
  })

  test.each([
    ['ImageId', 'image'],
    ['MediaId', 'media'],
  ])('takes %s as the media id', (name, id) => {
    expect(readAuthorization({ ...vod(), VideoId: undefined, [name]: id }, CLOCKS).mediaId).toBe(id)
  })

  test.each(['ImageId', 'MediaId'])('knows that there is no refresh for what has an %s', (name) => {
    const answer = { ...vod(), VideoId: undefined, [name]: 'id' }
    expect(readAuthorization(answer, CLOCKS).isRefreshable).toBe(false)
  })

  test.each([
    ['seconds, whatever the dates say', { ExpireUTCTime: '2020-01-01T00:00:00Z' }, 0, 3_600_000],
    [
      'a date, where there are no seconds',
      { Expiration: '', ExpireUTCTime: '2026-01-01T00:10:00Z' },
      0,
      600_000,
    ],
    [
      "a date by the service's clock",
      { Expiration: '', ExpireUTCTime: '2026-01-01T02:10:00Z' },
      7_200_000,
      600_000,
    ],
  ])('takes the end from %s', (_, changed, serverAheadMs, lifetimeMs) => {
    const clocks = { nowMs: NOW_MS, serverNowMs: NOW_MS + serverAheadMs }
    expect(readAuthorization(vod(changed), clocks).expiresAtMs).toBe(NOW_MS + lifetimeMs)
  })

  test('does not believe an end that is over already: the clock is wrong, not the credentials', () => {
    const ended = vod({ Expiration: '', ExpireUTCTime: '2025-12-31T23:00:00Z' })
    expect(readAuthorization(ended, CLOCKS).expiresAtMs).toBeUndefined()
  })

  test('takes the region from the credentials where the endpoint does not tell it', () => {
    expect(readAuthorization(vod({}, { Endpoint: 'http://127.0.0.1:9000' }), CLOCKS)).toMatchObject({
      destination: { endpoint: 'http://127.0.0.1:9000', style: 'path' },
      access: { region: 'cn-beijing' },
    })
  })
})

describe('readAuthorization() of plain fields', () => {
  test('reads them', () => {
    expect(readAuthorization(plain, CLOCKS)).toEqual({
      destination: {
        bucket: 'bucket',
        key: 'dir/key',
        endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
        style: 'virtual',
      },
      access: {
        kind: 'keys',
        credentials: { accessKeyId: 'STS.id', accessKeySecret: 'the-secret', securityToken: 'the-token' },
        region: 'cn-hangzhou',
      },
      expiresAtMs: Date.parse(plain.expiration),
      mediaId: undefined,
      isRefreshable: true,
    })
  })

  test.each([
    ['oss-cn-beijing-internal.aliyuncs.com', 'virtual', 'cn-beijing'],
    ['cn-beijing.oss.aliyuncs.com', 'virtual', 'cn-beijing'],
    ['https://oss-accelerate.aliyuncs.com', 'virtual', 'cn-hangzhou'],
    ['http://localhost:9000', 'virtual', 'cn-hangzhou'],
    ['http://127.0.0.1:9000/', 'path', 'cn-hangzhou'],
    ['http://[::1]:9000', 'path', 'cn-hangzhou'],
  ])('addresses %s in %s style, region %s', (endpoint, style, region) => {
    expect(readAuthorization({ ...plain, endpoint }, CLOCKS)).toMatchObject({
      destination: { style },
      access: { region },
    })
  })

  test('takes a bound domain as it is', () => {
    const { destination } = readAuthorization(
      { ...plain, endpoint: 'upload.example.com', cname: true },
      CLOCKS,
    )
    expect(destination).toMatchObject({ style: 'cname', endpoint: 'https://upload.example.com' })
  })

  test('takes a region with its oss- prefix', () => {
    expect(readAuthorization({ ...plain, region: 'oss-cn-beijing' }, CLOCKS)).toMatchObject({
      access: { region: 'cn-beijing' },
    })
  })

  test('needs no security token and no expiration', () => {
    expect(readAuthorization({ ...plain, securityToken: '', expiration: undefined }, CLOCKS)).toMatchObject({
      access: { credentials: { securityToken: undefined } },
      expiresAtMs: undefined,
    })
  })
})

describe('readAuthorization() of a signed form', () => {
  const form = {
    policy: base64({ expiration: '2026-01-01T00:05:00.000Z', conditions: [] }),
    OSSAccessKeyId: 'STS.id',
    Signature: 'the-signature',
  }
  const answer = { bucket: 'bucket', key: 'key', endpoint: 'http://files.example.com', cname: true, form }

  test('takes its fields as they are, and its end from the policy; no region is needed', () => {
    expect(readAuthorization(answer, CLOCKS)).toMatchObject({
      destination: { key: 'key', style: 'cname' },
      access: { kind: 'form', fields: form },
      expiresAtMs: NOW_MS + 300_000,
      isRefreshable: false,
    })
  })

  test.each([
    ['without a policy', { OSSAccessKeyId: 'STS.id' }, 'policy is missing'],
    ['with a policy that is none', { policy: 'the-secret' }, 'form.policy is not Base64'],
    ['with a number', { ...form, 'x-oss-credential': 7 }, 'x-oss-credential must be a text, got number'],
    ['that is no object', 'form', 'policy is missing'],
  ])('refuses one %s', (_, wrong, words) => {
    expect(() => readAuthorization({ ...answer, form: wrong }, CLOCKS)).toThrow(
      expect.objectContaining({ code: 'CREDENTIALS_INVALID', message: expect.stringContaining(words) }),
    )
  })
})

describe('readDestination()', () => {
  test('reads where an upload goes whose requests are signed elsewhere', () => {
    const answer = { Bucket: 'bucket', key: 'dir/key', endpoint: 'http://127.0.0.1:9000', mediaId: 'media' }
    expect(readDestination(answer)).toEqual({
      destination: { bucket: 'bucket', key: 'dir/key', endpoint: 'http://127.0.0.1:9000', style: 'path' },
      access: { kind: 'presigned' },
      expiresAtMs: undefined,
      mediaId: 'media',
      isRefreshable: true,
    })
  })
})

describe('readAuthorization() refuses', () => {
  test.each([
    ['nothing', undefined, 'an object of credentials, got undefined'],
    ['null', null, 'got null'],
    ['a text', 'abc', 'got string'],
    ['an array', [], 'got an array'],
    ['an empty object', {}, 'region or endpoint is missing'],
    ['no access key id', { ...plain, accessKeyId: undefined }, 'accessKeyId is missing'],
    ['no secret', { ...plain, accessKeySecret: '' }, 'accessKeySecret is missing'],
    ['no bucket', { ...plain, bucket: undefined }, 'bucket is missing'],
    ['a bucket that is none', { ...plain, bucket: 'My_Bucket' }, 'bucket must be 3 to 63'],
    ['no key', { ...plain, key: '' }, 'key is missing'],
    ['a number for a text', { ...plain, accessKeyId: 7 }, 'accessKeyId must be a text, got number'],
    [
      'a token with a line break',
      { ...plain, securityToken: 'the-token\n' },
      'securityToken must be printable ASCII',
    ],
    ['a key over 1,023 bytes', { ...plain, key: '中'.repeat(342) }, 'at most 1023 bytes of UTF-8, got 1026'],
    ['a key that starts with a slash', { ...plain, key: '/a' }, 'must not start with a slash'],
    ['a key that a URL cannot hold', { ...plain, key: '..' }, 'cannot be sent'],
    ['half a character', { ...plain, key: 'a\ud800' }, 'well-formed'],
    ['an endpoint that is no URL', { ...plain, endpoint: 'http://' }, 'The endpoint must be a URL'],
    ['an endpoint with a path', { ...plain, endpoint: 'https://a.com/b' }, 'The endpoint must be a URL'],
    ['an endpoint of another kind', { ...plain, endpoint: 'ftp://a.com' }, 'The endpoint must be a URL'],
    [
      'an endpoint that tells no region',
      { ...plain, endpoint: 'http://a.com', region: '' },
      'region is missing',
    ],
    ['an expiration that is no date', { ...plain, expiration: 'soon' }, 'expiration must be'],
    ['no UploadAddress', { ...vod(), UploadAddress: undefined }, 'uploadAddress is missing'],
    ['no UploadAuth', { ...vod(), UploadAuth: undefined }, 'uploadAuth is missing'],
    ['UploadAuth that is no Base64', { ...vod(), UploadAuth: '***' }, 'uploadAuth is not Base64'],
    ['UploadAuth that is no UTF-8', { ...vod(), UploadAuth: '/////w==' }, 'uploadAuth is not Base64'],
    ['UploadAuth that holds no JSON', { ...vod(), UploadAuth: base64('{"a') }, 'Base64, but not of JSON'],
    ['UploadAuth that holds a text', { ...vod(), UploadAuth: base64('"a"') }, 'must hold an object'],
    ['UploadAuth without a secret', vod({ AccessKeySecret: undefined }), 'accessKeySecret is missing'],
    ['UploadAddress without a key', vod({}, { FileName: '' }), 'key is missing'],
  ])('%s', (_, answer, words) => {
    expect(() => readAuthorization(answer, CLOCKS)).toThrow(
      expect.objectContaining({ code: 'CREDENTIALS_INVALID', message: expect.stringContaining(words) }),
    )
  })

  test('without telling the secret, which a JSON parser would quote', () => {
    const broken = Buffer.from('{"AccessKeySecret":"the-secret",').toString('base64')
    const error = errorOf(() => readAuthorization({ ...vod(), UploadAuth: broken }, CLOCKS))
    expect(`${String(error)} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain('the-secret')
  })
})

function errorOf(call: () => unknown): Error {
  try {
    call()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing was thrown')
}
