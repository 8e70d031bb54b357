import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createClient } from '../testing/client.ts'
import { formOf, openPolicy, postForm, signFormV4 } from '../testing/form.ts'
import { startServer } from '../testing/running-server.ts'

interface Called {
  readonly url: string
  readonly method: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** An application server. */
async function startApp(
  answer: (response: ServerResponse) => void,
): Promise<{ readonly url: string; readonly calls: Called[] }> {
  const calls: Called[] = []
  const app = createServer((request, response) => {
    const chunks: Uint8Array[] = []
    request.on('data', (chunk: Uint8Array) => chunks.push(chunk))
    request.on('end', () => {
      const { url = '', method = '', headers } = request
      calls.push({ url, method, headers, body: Buffer.concat(chunks).toString('utf8') })
      answer(response)
    })
  })
  app.listen(0, '127.0.0.1')
  await once(app, 'listening')
  onTestFinished(() => {
    app.close()
    app.closeAllConnections()
  })
  const address = app.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}/done`, calls }
}

function pack(value: unknown): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64')
}

const ok = (response: ServerResponse): void => {
  response.end('{"status":"saved"}')
}

test('PutObject posts the callback and gives its answer to the client', async () => {
  const server = await startServer()
  const app = await startApp(ok)
  const order = {
    callbackUrl: app.url,
    callbackHost: 'app.example.com',
    callbackBody: 'b=${bucket}&k=${object}&e=${etag}&n=${size}&t=${mimeType}&u=${x:uid}',
  }
  const answer = await createClient(server).send({
    method: 'PUT',
    key: 'a b',
    headers: {
      'content-type': 'video/mp4',
      'x-oss-callback': pack(order),
      'x-oss-callback-var': pack({ 'x:uid': '7' }),
    },
    body: 'abc',
  })
  expect([answer.status, answer.text]).toEqual([200, '{"status":"saved"}'])
  expect(answer.headers['etag']).toBe('"900150983CD24FB0D6963F7D28E17F72"')
  expect(app.calls).toMatchObject([
    {
      url: '/done',
      method: 'POST',
      headers: { host: 'app.example.com', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'b=test-bucket&k=a%20b&e=900150983CD24FB0D6963F7D28E17F72&n=3&t=video%2Fmp4&u=7',
    },
  ])
})

test('CompleteMultipartUpload gives the callback answer instead of its XML; ETag and CRC-64 are in headers', async () => {
  const server = await startServer()
  const app = await startApp(ok)
  const client = createClient(server)
  const uploadId = await client.initiate('a')
  const { headers } = await client.putPart('a', uploadId, 1, '123456789')
  const answer = await client.send({
    method: 'POST',
    key: 'a',
    query: { uploadId, callback: pack({ callbackUrl: app.url, callbackBody: 'x' }) },
    body: `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${String(headers['etag'])}</ETag></Part></CompleteMultipartUpload>`,
  })
  expect([answer.status, answer.text]).toEqual([200, '{"status":"saved"}'])
  expect(answer.headers['etag']).toMatch(/-1"$/)
  expect(answer.headers['x-oss-hash-crc64ecma']).toBe('11051210869376104954')
})

test('PostObject posts the callback of its fields and gives its answer, with 200 whatever was asked for', async () => {
  const server = await startServer()
  const app = await startApp(ok)
  const order = { callbackUrl: app.url, callbackBody: '${object} ${size} ${operation} ${x:uid}' }
  const fields = { callback: pack(order), 'x:uid': '7', success_action_status: '201' }
  const answer = await postForm(server, formOf({ key: 'a', ...fields, ...signFormV4(openPolicy()) }))
  expect([answer.status, answer.text]).toEqual([200, '{"status":"saved"}'])
  expect(answer.headers['etag']).toBe('"900150983CD24FB0D6963F7D28E17F72"')
  expect(app.calls.map(({ body }) => body)).toEqual(['a 3 PostObject 7'])
})

test('a callback of PostObject that fails is 203, also when a redirect was asked for', async () => {
  const server = await startServer()
  const app = await startApp((response) => response.writeHead(502).end('{}'))
  const callback = pack({ callbackUrl: app.url, callbackBody: 'x' })
  const fields = { callback, success_action_redirect: 'http://page.example/' }
  const answer = await postForm(server, formOf({ key: 'a', ...fields, ...signFormV4(openPolicy()) }))
  expect([answer.status, answer.xml('Code'), answer.headers['location']]).toEqual([
    203,
    'CallbackFailed',
    undefined,
  ])
  expect((await createClient(server).send({ method: 'GET', key: 'a' })).text).toBe('abc')
})

describe('a callback that fails is 203; the object is stored', () => {
  test.each<[reason: string, answer: (response: ServerResponse) => void, message: string]>([
    ['another status', (response) => response.writeHead(502).end('{}'), 'Error status : 502.'],
    ['no JSON', (response) => response.end('saved'), 'Response body is not valid json format.'],
    [
      'no connection',
      (response) => response.destroy(),
      'Error Status : -1.OSS can not connect to your callbackUrl, please check it.',
    ],
  ])('%s', async (_, respond, message) => {
    const server = await startServer()
    const app = await startApp(respond)
    const client = createClient(server)
    const answer = await client.send({
      method: 'PUT',
      key: 'a',
      headers: { 'x-oss-callback': pack({ callbackUrl: app.url, callbackBody: 'x' }) },
      body: 'abc',
    })
    expect([answer.status, answer.xml('Code'), answer.xml('Message')]).toEqual([
      203,
      'CallbackFailed',
      message,
    ])
    expect(answer.headers['etag']).toBe('"900150983CD24FB0D6963F7D28E17F72"')
    expect((await client.send({ method: 'GET', key: 'a' })).text).toBe('abc')
  })
})

test('a second URL is tried when the first fails', async () => {
  const server = await startServer()
  const [broken, working] = [await startApp((response) => response.writeHead(500).end()), await startApp(ok)]
  const answer = await createClient(server).send({
    method: 'PUT',
    key: 'a',
    headers: { 'x-oss-callback': pack({ callbackUrl: `${broken.url};${working.url}`, callbackBody: 'x' }) },
    body: 'abc',
  })
  expect([answer.status, broken.calls.length, working.calls.length]).toEqual([200, 1, 1])
})

test('a malformed callback is refused and nothing is stored', async () => {
  const server = await startServer()
  const client = createClient(server)
  const headers = { 'x-oss-callback': 'rubbish!' }
  const answer = await client.send({ method: 'PUT', key: 'a', headers, body: 'abc' })
  expect([answer.status, answer.xml('Code')]).toEqual([400, 'InvalidArgument'])
  expect((await client.send({ method: 'HEAD', key: 'a' })).status).toBe(404)
})
