import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { GetCredentialsContext } from '@sluice/core'
import { createAuthorizer, readApiBase } from './authorization-service.ts'

describe('readApiBase()', () => {
  test.each([
    ['http://page.example/', 'http://page.example/api', 'by default'],
    ['http://page.example/sub/?api=', 'http://page.example/api', 'when it is empty'],
    ['http://page.example/?api=/other', 'http://page.example/other', 'as a path'],
    ['http://page.example/?api=http://auth.example/v1', 'http://auth.example/v1', 'as a URL'],
  ])('of %s is %s: %s', (page, base) => {
    expect(readApiBase(page).href).toBe(base)
  })

  test.each(['javascript:alert(1)', 'http://', 'data:,x'])('refuses %s', (api) => {
    const page = `http://page.example/?api=${encodeURIComponent(api)}`
    expect(() => readApiBase(page)).toThrow(`?api= must be an HTTP URL, got "${api}"`)
  })
})

describe('createAuthorizer()', () => {
  const service = { asked: [] as unknown[], status: 200, body: '{"UploadAuth":"QQ=="}' }
  const server = createServer((request, response) => {
    void request.toArray().then((chunks) => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString())
      service.asked.push([request.method, request.url, body])
      response.writeHead(service.status).end(service.body)
    })
  })
  let base: URL
  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    base = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api`)
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  beforeEach(() => {
    Object.assign(service, { asked: [], status: 200, body: '{"UploadAuth":"QQ=="}' })
  })

  const ask = (url: URL, name: string, changed: Partial<GetCredentialsContext> = {}): Promise<unknown> =>
    createAuthorizer(url)({
      reason: 'create',
      file: new Blob(['12345'], { type: 'video/mp4' }),
      name,
      mediaId: undefined,
      signal: new AbortController().signal,
      ...changed,
    })

  test('asks for a video with name, size and type, and answers what it was answered', async () => {
    expect(await ask(base, 'film.mp4')).toEqual({ UploadAuth: 'QQ==' })
    const body = { name: 'film.mp4', size: 5, type: 'video/mp4' }
    expect(service.asked).toEqual([['POST', '/api/create', body]])
  })

  test.each(['a.png', 'a.JPG', 'a.jpeg', 'a.gif', 'a.heic', 'a.webp'])(
    'asks for an image when the file is %s',
    async (name) => {
      await ask(base, name)
      expect(service.asked).toEqual([['POST', '/api/create-image', expect.anything()]])
    },
  )

  test.each(['resume', 'refresh'] as const)('asks for the same video again to %s', async (reason) => {
    await ask(base, 'film.mp4', { reason, mediaId: 'video' })
    expect(service.asked).toEqual([['POST', '/api/refresh', expect.objectContaining({ mediaId: 'video' })]])
  })

  test('asks for a new image instead of refreshing one', async () => {
    await ask(base, 'a.png', { reason: 'refresh', mediaId: 'image' })
    expect(service.asked).toEqual([['POST', '/api/create-image', expect.anything()]])
  })

  test.each(['xjpgy.mp4', 'a.png.mp4', 'png'])('asks for no image when the file is %s', async (name) => {
    await ask(base, name)
    expect(service.asked).toEqual([['POST', '/api/create', expect.anything()]])
  })

  test('keeps the query of the base URL, and takes a slash at its end', async () => {
    await ask(new URL('/api/?ttl=20', base), 'film.mp4')
    expect(service.asked).toEqual([['POST', '/api/create?ttl=20', expect.anything()]])
  })

  test('fails with the words of the service', async () => {
    Object.assign(service, {
      status: 400,
      body: '{"Code":"InvalidFileName.Extension","Message":"No extension."}',
    })
    await expect(ask(base, 'film')).rejects.toThrow('No extension. (InvalidFileName.Extension)')
  })

  test('fails with the status when there are no words', async () => {
    Object.assign(service, { status: 502, body: '<html>' })
    await expect(ask(base, 'film.mp4')).rejects.toThrow('The authorization service answered 502')
  })

  test('fails when the answer is no JSON', async () => {
    service.body = '<html>'
    await expect(ask(base, 'film.mp4')).rejects.toThrow('The authorization service answered no JSON')
  })

  test('says so when the service cannot be reached', async () => {
    await expect(ask(new URL('http://127.0.0.1:9/api'), 'film.mp4')).rejects.toThrow(
      'The authorization service at http://127.0.0.1:9 cannot be reached',
    )
  })

  test('fails with the reason of its signal', async () => {
    const reason = new Error('paused')
    await expect(ask(base, 'film.mp4', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})
