import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEngineBench, PART } from '../../../../test/harness/engine-bench.ts'
import { createTestBrowser, requestFor } from '../../../../test/harness/test-engine.ts'
import type { FaultOrder } from '@sluice/oss-server'
import type { AddRequest, WireUploadState } from '../protocol/engine-api.ts'

const bench = createEngineBench()

const upload = async (request: AddRequest): Promise<WireUploadState> => {
  const page = await bench.upload(createTestBrowser(), request)
  return page.ends(request.localId)
}
const withHeaders = (
  request: AddRequest & { readonly file: File },
  headers: Readonly<Record<string, string>>,
): AddRequest & { readonly file: File } => ({
  ...request,
  objectHeaders: { ...request.objectHeaders, ...headers },
})

/** The answers to a file's PutObject as a page sees them whose CORS rule exposes nothing. */
const hidden = ({ name }: AddRequest): FaultOrder => ({
  kind: 'missing-headers',
  headers: ['ETag', 'x-oss-hash-crc64ecma'],
  op: 'PutObject',
  key: name,
  times: 'always',
})

const sizes = [
  ['in one request', 10],
  ['in parts', 3 * PART],
] as const

describe.each(sizes)('a file that goes %s', (_, sizeBytes) => {
  test('gets the headers of its object', async () => {
    const request = withHeaders(requestFor(sizeBytes, PART), {
      'content-type': 'video/mp4',
      'content-disposition': 'attachment',
      'cache-control': 'no-cache',
      'x-oss-meta-author': 'me',
      'x-oss-storage-class': 'IA',
    })
    expect(await upload(request)).toMatchObject({ status: 'succeeded' })
    expect(await bench.oss.api.stored({ key: request.name })).toMatchObject({
      headers: {
        'content-type': 'video/mp4',
        'content-disposition': 'attachment',
        'cache-control': 'no-cache',
        'x-oss-meta-author': 'me',
        'x-oss-storage-class': 'IA',
      },
    })
  })

  test('does not replace another object where that is forbidden', async () => {
    const request = withHeaders(requestFor(sizeBytes, PART), { 'x-oss-forbid-overwrite': 'true' })
    expect(await upload(request)).toMatchObject({ status: 'succeeded' })
    const other = { ...withHeaders(requestFor(sizeBytes, PART), request.objectHeaders), name: request.name }
    expect(await upload(other)).toMatchObject({
      status: 'failed',
      error: { answer: { status: 409, serviceCode: 'FileAlreadyExists' } },
    })
    await bench.expectStored(request)
  })

  test('does not take another object of the same bytes for its own', async () => {
    const request = withHeaders(requestFor(sizeBytes, PART), { 'x-oss-forbid-overwrite': 'true' })
    expect(await upload(request)).toMatchObject({ status: 'succeeded' })
    expect(await upload({ ...request, localId: 'again' })).toMatchObject({
      status: 'failed',
      error: { answer: { serviceCode: 'FileAlreadyExists' } },
    })
  })

  test('is not taken for another object when the answer was lost', async () => {
    const request = withHeaders(requestFor(sizeBytes, PART), { 'x-oss-forbid-overwrite': 'true' })
    const op = sizeBytes > PART ? 'CompleteMultipartUpload' : 'PutObject'
    await bench.oss.api.orderFault({ kind: 'lost-answer', op, key: request.name })
    const page = await bench.upload(createTestBrowser(), request)
    await page.when(() => {
      page.clock.advance(1000)
      return page.statusesOf(request.localId).some((status) => status === 'succeeded' || status === 'failed')
    })
    expect(page.statusesOf(request.localId).at(-1)).toBe('succeeded')
    await bench.expectStored(request)
  })
})

test('a small file that must not replace another goes once, also where the CORS rule hides what proves it', async () => {
  const request = withHeaders(requestFor(10), { 'x-oss-forbid-overwrite': 'true' })
  await bench.oss.api.orderFault(hidden(request))
  expect(await upload(request)).toMatchObject({ status: 'succeeded' })
  expect(await bench.operations(request)).toEqual(['PutObject', 'HeadObject'])
})

describe('the callback', () => {
  const calls: string[] = []
  let answer = { status: 200, body: '{"Status":"OK"}' }
  const application = createServer((incoming, response) => {
    let body = ''
    incoming.on('data', (chunk: Buffer) => {
      body += String(chunk)
    })
    incoming.on('end', () => {
      calls.push(body)
      response.writeHead(answer.status, {
        'content-type': 'application/json',
        'content-length': answer.body.length,
      })
      response.end(answer.body)
    })
  })
  beforeEach(async () => {
    answer = { status: 200, body: '{"Status":"OK"}' }
    await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => {
    application.closeAllConnections()
    application.close()
    calls.length = 0
  })
  const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64')
  const callback = (): Readonly<Record<string, string>> => ({
    'x-oss-callback': base64({
      callbackUrl: `http://127.0.0.1:${(application.address() as AddressInfo).port}/done`,
      callbackBody: 'size=${size}&user=${x:user}',
    }),
    'x-oss-callback-var': base64({ 'x:user': 'me' }),
  })

  test.each(sizes)('of a file that goes %s is called once, and its answer told', async (_, sizeBytes) => {
    const request = withHeaders(requestFor(sizeBytes, PART), callback())
    expect(await upload(request)).toMatchObject({
      status: 'succeeded',
      result: { callback: { status: 'succeeded', body: '{"Status":"OK"}' }, crc64Verified: true },
    })
    expect(calls).toEqual([`size=${sizeBytes}&user=me`])
  })

  test.each(sizes)('of a file that goes %s may fail: the object is stored', async (_, sizeBytes) => {
    answer = { status: 500, body: '{}' }
    const request = withHeaders(requestFor(sizeBytes, PART), callback())
    expect(await upload(request)).toMatchObject({
      status: 'succeeded',
      result: { callback: { status: 'failed', message: expect.stringContaining('203 CallbackFailed') } },
    })
    await bench.expectStored(request)
  })

  test('is called once where the CORS rule hides what proves a small file', async () => {
    const request = withHeaders(requestFor(10), callback())
    await bench.oss.api.orderFault(hidden(request))
    expect(await upload(request)).toMatchObject({ result: { callback: { status: 'succeeded' } } })
    expect(calls).toHaveLength(1)
  })

  test('is unknown when the answer was lost', async () => {
    const request = withHeaders(requestFor(3 * PART, PART), callback())
    await bench.oss.api.orderFault({ kind: 'lost-answer', op: 'CompleteMultipartUpload', key: request.name })
    const page = await bench.upload(createTestBrowser(), request)
    await page.when(() => {
      page.clock.advance(1000)
      return page.statusesOf(request.localId).includes('succeeded')
    })
    expect(page.statesOf(request.localId).at(-1)).toMatchObject({
      result: { callback: { status: 'unknown' } },
    })
    expect(calls).toHaveLength(1)
  })

  test('is none where none was asked for', async () => {
    expect(await upload(requestFor(10))).toMatchObject({ result: { callback: undefined } })
  })
})
