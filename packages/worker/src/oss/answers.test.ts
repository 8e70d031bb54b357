import { describe, expect, test } from 'vitest'
import type { HttpResponse } from '../http/http-client.ts'
import { readError, readHead, readInitiate, readListParts } from './answers.ts'

const answer = (body: string, status = 200, headers: Record<string, string> = {}): HttpResponse => ({
  status,
  headers,
  body,
})

describe('readInitiate()', () => {
  test('reads the upload id', () => {
    const xml =
      '<?xml version="1.0" encoding="UTF-8"?>\n<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key>' +
      '<UploadId>97BD544A65DB46F9A8735C93917A960F</UploadId></InitiateMultipartUploadResult>'
    expect(readInitiate(answer(xml))).toBe('97BD544A65DB46F9A8735C93917A960F')
  })

  test("reads it in the namespace of the documentation's examples", () => {
    const xml =
      '<o:InitiateMultipartUploadResult xmlns:o="http://doc.oss-cn-hangzhou.aliyuncs.com"><o:UploadId>A</o:UploadId>' +
      '</o:InitiateMultipartUploadResult>'
    expect(readInitiate(answer(xml))).toBe('A')
  })

  test.each([
    ['a page of a proxy', '<html><body>502</body></html>'],
    ['nothing', ''],
    ['cut XML', '<InitiateMultipartUploadResult><UploadId>97BD'],
    ['an empty id', '<InitiateMultipartUploadResult><UploadId></UploadId></InitiateMultipartUploadResult>'],
  ])('refuses %s', (_, body) => {
    expect(() => readInitiate(answer(body))).toThrow(expect.objectContaining({ code: 'RESPONSE_INVALID' }))
  })
})

describe('readListParts()', () => {
  const page = (parts: string, tail: string): string => `<ListPartsResult>${parts}${tail}</ListPartsResult>`
  const part =
    '<Part><PartNumber>1</PartNumber><ETag>"3349DC700140D7F86A078484278075A9"</ETag>' +
    '<HashCrc64ecma>12066172435287683848</HashCrc64ecma><Size>6291456</Size></Part>'

  test('reads a page with more behind it', () => {
    const tail = '<NextPartNumberMarker>5</NextPartNumberMarker><IsTruncated>true</IsTruncated>'
    expect(readListParts(answer(page(part, tail)))).toEqual({
      parts: [
        {
          partNumber: 1,
          sizeBytes: 6291456,
          etag: '"3349DC700140D7F86A078484278075A9"',
          crc64: '12066172435287683848',
        },
      ],
      nextMarker: 5,
    })
  })

  test('reads the last page, though it has a marker too', () => {
    const tail = '<NextPartNumberMarker>5</NextPartNumberMarker><IsTruncated>false</IsTruncated>'
    expect(readListParts(answer(page('', tail)))).toEqual({ parts: [], nextMarker: undefined })
  })

  test('reads a part without CRC', () => {
    const copied = part.replace(/<HashCrc64ecma>.*<\/HashCrc64ecma>/, '')
    expect(readListParts(answer(page(copied, ''))).parts[0]?.crc64).toBeUndefined()
  })
})

test("a HEAD without the object's time is a proxy's answer", () => {
  expect(() => readHead(answer('', 200, { 'content-length': '52' }))).toThrow(
    expect.objectContaining({ code: 'RESPONSE_INVALID' }),
  )
  const headers = { 'last-modified': 'Wed, 21 Oct 2026 07:28:00 GMT' }
  expect(readHead(answer('', 200, headers)).headers).toEqual(headers)
})

describe('readError()', () => {
  test('tells operation, status, code, request id and EC', () => {
    const xml =
      '<Error><Code>NoSuchUpload</Code><Message>The specified upload does not exist.</Message>' +
      '<RequestId>640ED770048FEF3231A98BA9</RequestId><EC>0042-00000203</EC></Error>'
    expect(readError('PUT part 7 of 42', answer(xml, 404))).toMatchObject({
      code: 'SERVICE_ERROR',
      status: 404,
      serviceCode: 'NoSuchUpload',
      ec: '0042-00000203',
      requestId: '640ED770048FEF3231A98BA9',
      message:
        'PUT part 7 of 42 failed: 404 NoSuchUpload: The specified upload does not exist. ' +
        '(request 640ED770048FEF3231A98BA9, EC 0042-00000203)',
    })
  })

  test("tells the service's clock where the answer has it", () => {
    const xml =
      '<Error><Code>RequestTimeTooSkewed</Code><ServerTime>2019-03-30T13:18:53.000Z</ServerTime></Error>'
    expect(readError('PutObject', answer(xml, 403)).serverTimeMs).toBe(Date.UTC(2019, 2, 30, 13, 18, 53))
  })

  test.each([
    [{ 'retry-after': '3' }, 3000],
    [{ 'x-oss-qos-delay-time': '250' }, 250],
    [{ 'retry-after': '' }, undefined],
    [{ 'retry-after': '99999999' }, 600_000],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, undefined],
    [{}, undefined],
  ])('reads from %j how long to wait: %s ms', (headers, delayMs) => {
    expect(readError('PutObject', answer('', 503, headers)).retryAfterMs).toBe(delayMs)
  })

  test('knows what the 404 of a HEAD means, which has no body', () => {
    expect(readError('HeadObject', answer('', 404)).serviceCode).toBe('NoSuchKey')
    expect(readError('CompleteMultipartUpload', answer('<Error><Co', 404)).serviceCode).toBe('')
  })

  test('takes the ids of the headers when the body is none of OSS', () => {
    const response = answer('<html>Bad gateway</html>', 502, { 'x-oss-request-id': 'R', 'x-oss-ec': 'E' })
    expect(readError('HeadObject', response).message).toBe('HeadObject failed: 502 (request R, EC E)')
  })

  test('leaves out what OSS echoes of secrets', () => {
    const xml =
      '<Error><Code>SecurityTokenExpired</Code><Message>The security token you provided has expired.</Message>' +
      '<SecurityToken>the-token</SecurityToken><SignatureProvided>the-signature</SignatureProvided></Error>'
    expect(JSON.stringify(readError('PutObject', answer(xml, 403)))).not.toMatch(/the-token|the-signature/)
    expect(readError('PutObject', answer(xml, 403)).message).not.toMatch(/the-token|the-signature/)
  })
})
