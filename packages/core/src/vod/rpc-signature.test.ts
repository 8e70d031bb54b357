import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createHmacSha1, signRpcQuery } from './rpc-signature.ts'

const hmacSha1 = createHmacSha1(crypto.subtle)

/** Examples of Alibaba Cloud's documentation, with all that goes into them. */
const PUBLISHED = [
  {
    // Elastic Compute Service, "Signature method": https://www.alibabacloud.com/help/doc-detail/25492.htm
    name: 'DescribeRegions of ECS',
    accessKeySecret: 'testsecret',
    parameters: {
      Timestamp: '2016-02-23T12:46:24Z',
      Format: 'XML',
      AccessKeyId: 'testid',
      Action: 'DescribeRegions',
      SignatureMethod: 'HMAC-SHA1',
      SignatureNonce: '3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf',
      Version: '2014-05-26',
      SignatureVersion: '1.0',
    },
    signature: 'OLeaidS1JvxuMvnyHOwuJ+uX5qY=',
  },
  {
    // Short Message Service, "Request signatures": https://help.aliyun.com/document_detail/101343.htm
    name: 'SendSms of SMS, with Chinese and JSON',
    accessKeySecret: 'testSecret',
    parameters: {
      AccessKeyId: 'testId',
      Action: 'SendSms',
      Format: 'XML',
      OutId: '123',
      PhoneNumbers: '15300000001',
      RegionId: 'cn-hangzhou',
      SignName: '阿里云短信测试专用',
      SignatureMethod: 'HMAC-SHA1',
      SignatureNonce: '45e25e9b-0a6f-4070-8c85-2956eda1b466',
      SignatureVersion: '1.0',
      TemplateCode: 'SMS_71390007',
      TemplateParam: '{"customer":"test"}',
      Timestamp: '2017-07-12T02:42:19Z',
      Version: '2017-05-25',
    },
    signature: 'zJDF+Lrzhj/ThnlvIToysFRq6t4=',
  },
]

describe('signRpcQuery()', () => {
  test.each(PUBLISHED)('signs $name', async ({ parameters, accessKeySecret, signature }) => {
    const query = new URLSearchParams(await signRpcQuery(parameters, accessKeySecret, hmacSha1))
    expect(query.get('Signature')).toBe(signature)
    expect(Object.fromEntries(query)).toEqual({ ...parameters, Signature: signature })
  })

  test('sorts by name, upper case first, and encodes all but the unreserved characters', async () => {
    const texts: string[] = []
    const query = await signRpcQuery(
      { b: "1!'()*~-_.", B: 'a b+/', a: '"é"' },
      'secret',
      async (key, text) => {
        texts.push(key, text)
        return new Uint8Array([0xfb, 0xff])
      },
    )
    const canonical = 'B=a%20b%2B%2F&a=%22%C3%A9%22&b=1%21%27%28%29%2A~-_.'
    expect(query).toBe(`${canonical}&Signature=%2B%2F8%3D`)
    expect(texts).toEqual([
      'secret&',
      'GET&%2F&B%3Da%2520b%252B%252F%26a%3D%2522%25C3%25A9%2522%26b%3D1%2521%2527%2528%2529%252A~-_.',
    ])
  })
})

describe('createHmacSha1()', () => {
  test('does what Node does', async () => {
    const expected = createHmac('sha1', 'ключ').update('текст').digest()
    expect(Buffer.from(await hmacSha1('ключ', 'текст'))).toEqual(expected)
  })

  test('says why it cannot sign in a page that came by plain http', async () => {
    await expect(createHmacSha1(undefined)('key', 'text')).rejects.toMatchObject({
      code: 'CREDENTIALS_FAILED',
      message: expect.stringContaining('https'),
    })
  })
})
