import { expect, test } from 'vitest'
import { toUploadAddress, toUploadAuth } from './upload-payloads.ts'

const decode = (base64: string): unknown => JSON.parse(Buffer.from(base64, 'base64').toString('utf8'))

test('toUploadAddress() is Base64 of JSON with VOD’s names', () => {
  const address = { endpoint: 'https://oss-cn-shanghai.aliyuncs.com', bucket: 'outin-1', key: 'sv/电影.mp4' }
  expect(decode(toUploadAddress(address))).toEqual({
    Endpoint: 'https://oss-cn-shanghai.aliyuncs.com',
    Bucket: 'outin-1',
    FileName: 'sv/电影.mp4',
  })
})

test('toUploadAuth() has the six fields of VOD, the lifetime as a text and the date in whole seconds', () => {
  const token = {
    accessKeyId: 'STS.id',
    accessKeySecret: 'secret',
    securityToken: 'token',
    expiration: '2020-07-29T15:20:31.987Z',
  }
  expect(decode(toUploadAuth(token, 3600, 'cn-shanghai'))).toEqual({
    AccessKeyId: 'STS.id',
    AccessKeySecret: 'secret',
    SecurityToken: 'token',
    Expiration: '3600',
    ExpireUTCTime: '2020-07-29T15:20:31Z',
    Region: 'cn-shanghai',
  })
})
