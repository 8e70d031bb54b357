import { describe, expect, test } from 'vitest'
import {
  directPlaceOf,
  encodeAuth,
  isAuth,
  placeOf,
  readAddress,
  regionOf,
  toToken,
} from './authorization.ts'
import type { UploadAddress } from './authorization.ts'
import { toBase64 } from './base64.ts'
import { createUploadInfo } from './upload-info.ts'
import type { UploadInfo } from './upload-info.ts'

const ADDRESS: UploadAddress = {
  Endpoint: 'https://oss-cn-shanghai.aliyuncs.com',
  Bucket: 'outin-1',
  FileName: 'sv/中 文.mp4',
}

const infoOf = (endpoint?: string, bucket?: string, object?: string): UploadInfo =>
  createUploadInfo(new File(['x'], 'a.mp4'), { endpoint, bucket, object }, undefined, 'cn-beijing')

describe('readAddress()', () => {
  test('decodes Base64 of JSON in UTF-8', () => {
    expect(readAddress(toBase64(JSON.stringify(ADDRESS)))).toEqual(ADDRESS)
  })

  test.each([[undefined], ['***'], [toBase64('{"Bucket":"outin-1"}')], [toBase64('null')]])(
    'has nothing of %s',
    (text) => {
      expect(readAddress(text)).toBeUndefined()
    },
  )
})

describe('placeOf()', () => {
  test('is the address, where addFile() was given nothing', () => {
    expect(placeOf(infoOf(), ADDRESS)).toEqual(ADDRESS)
  })

  test.each([
    [infoOf('oss-accelerate.aliyuncs.com'), { Endpoint: 'oss-accelerate.aliyuncs.com' }],
    [infoOf(undefined, 'mine'), { Bucket: 'mine' }],
    [infoOf(undefined, undefined, 'a/b'), { FileName: 'a/b' }],
  ])('prefers what addFile() was given (%#)', (info, changed) => {
    expect(placeOf(info, ADDRESS)).toEqual({ ...ADDRESS, ...changed })
  })
})

describe('directPlaceOf()', () => {
  test.each([
    [undefined, 'https://oss-cn-beijing.aliyuncs.com'],
    ['http://oss-cn-shanghai.aliyuncs.com', 'https://oss-cn-shanghai.aliyuncs.com'],
    ['http://127.0.0.1:9000', 'http://127.0.0.1:9000'],
    ['http://oss.aliyuncs.com.example.org', 'http://oss.aliyuncs.com.example.org'],
  ])('takes the endpoint %s for %s', (endpoint, expected) => {
    expect(directPlaceOf(infoOf(endpoint, 'mine', 'a/b'))).toEqual({
      Endpoint: expected,
      Bucket: 'mine',
      FileName: 'a/b',
    })
  })

  test('needs a bucket and an object', () => {
    expect(directPlaceOf(infoOf('oss-cn-beijing.aliyuncs.com', 'mine'))).toBeUndefined()
    expect(directPlaceOf(infoOf('oss-cn-beijing.aliyuncs.com', undefined, 'a/b'))).toBeUndefined()
  })
})

test('encodeAuth() makes an UploadAuth that tells its region', () => {
  const token = toToken('id', 'secret', 'token', 3600)
  const auth = token === undefined ? '' : encodeAuth(token, 'cn-beijing')
  expect(isAuth(auth)).toBe(true)
  expect(regionOf(auth)).toBe('cn-beijing')
  expect(JSON.parse(atob(auth))).toMatchObject({ SecurityToken: 'token', Expiration: '3600' })
})

test('toToken() is nothing when a part is missing', () => {
  expect(toToken('id', 'secret', '')).toBeUndefined()
  expect(toToken(undefined, 'secret', 'token')).toBeUndefined()
  expect(toToken('id', undefined, 'token')).toBeUndefined()
})
