import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { VodError } from '../vod/vod-error.ts'
import type { ImageAnswer, VideoAnswer, VodService } from '../vod/vod-service.ts'
import { createApi } from './api.ts'
import { listenOnLoopback } from './listen-on-loopback.ts'
import type { LoopbackServer } from './listen-on-loopback.ts'

const VIDEO: VideoAnswer = { RequestId: 'R-1', VideoId: 'V-1', UploadAddress: 'QQ==', UploadAuth: 'Qg==' }
const IMAGE: ImageAnswer = {
  RequestId: 'R-2',
  ImageId: 'I-1',
  ImageURL: 'http://i.example/a.png',
  FileURL: 'http://f.example/a.png',
  UploadAddress: 'QQ==',
  UploadAuth: 'Qg==',
}

let asked: unknown[]
let defects: unknown[]
const vod: VodService = {
  async createUploadVideo(request) {
    asked.push(['video', request])
    if (request.fileName === 'defect.mp4') throw new Error('at sixes and sevens')
    return VIDEO
  },
  async refreshUploadVideo(request) {
    asked.push(['refresh', request])
    if (request.videoId !== 'V-1')
      throw new VodError(404, 'InvalidVideo.NotFound', 'The video does not exist.')
    return VIDEO
  },
  async createUploadImage(request) {
    asked.push(['image', request])
    return IMAGE
  },
}

let server: LoopbackServer
beforeAll(async () => {
  const api = createApi({
    vod,
    trouble: undefined,
    hostId: 'vod.cn-shanghai.aliyuncs.com',
    allowsOrigin: (origin) => origin === 'http://page.example',
    onDefect: (error) => defects.push(error),
  })
  server = await listenOnLoopback(api, 0)
})
afterAll(() => server.close())
beforeEach(() => {
  asked = []
  defects = []
})

const call = (path: string, init: RequestInit): Promise<Response> =>
  fetch(`http://127.0.0.1:${server.port}/api/${path}`, init)
const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  call(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers })

describe('createApi()', () => {
  test('answers each action with the answer of VOD', async () => {
    const created = await post('create', { name: 'film.mp4', size: 5, type: 'video/mp4' })
    expect([created.status, await created.json()]).toEqual([200, VIDEO])
    const refreshed = await post('refresh?ttl=20', { mediaId: 'V-1' })
    expect([refreshed.status, await refreshed.json()]).toEqual([200, VIDEO])
    const image = await post('create-image', { name: 'a.png' })
    expect([image.status, await image.json()]).toEqual([200, IMAGE])
    expect(asked).toEqual([
      ['video', { fileName: 'film.mp4', sizeBytes: 5, ttlSeconds: undefined }],
      ['refresh', { videoId: 'V-1', ttlSeconds: 20 }],
      ['image', { fileName: 'a.png', sizeBytes: undefined, ttlSeconds: undefined }],
    ])
  })

  test('keeps answers with credentials out of caches', async () => {
    const response = await post('create', { name: 'film.mp4' })
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('passes a refusal on in the shape of the OpenAPI', async () => {
    const response = await post('refresh', { mediaId: 'V-9' })
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({
      RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
      HostId: 'vod.cn-shanghai.aliyuncs.com',
      Code: 'InvalidVideo.NotFound',
      Message: 'The video does not exist.',
    })
    expect(defects).toEqual([])
  })

  test.each<[string, unknown, string, string]>([
    ['create', {}, 'MissingParameter', 'no name'],
    ['create', { name: '' }, 'MissingParameter', 'an empty name'],
    ['create', { name: 7 }, 'InvalidParameter', 'a name that is no text'],
    ['create', { name: 'a\u0000.mp4' }, 'InvalidParameter', 'a control character in the name'],
    ['create', { name: 'a.mp4', size: -1 }, 'InvalidParameter', 'a size below 0'],
    ['create', { name: 'a.mp4', size: '5' }, 'InvalidParameter', 'a size that is no number'],
    ['create', [], 'InvalidParameter', 'a list'],
    ['create', '{"name":', 'InvalidParameter', 'no JSON'],
    ['create', '', 'InvalidParameter', 'no body'],
    ['refresh', { name: 'a.mp4' }, 'MissingParameter', 'no mediaId'],
    ['create?ttl=0', { name: 'a.mp4' }, 'InvalidParameter', 'a ttl below 1'],
    ['create?ttl=3601', { name: 'a.mp4' }, 'InvalidParameter', 'a ttl above an hour'],
    ['create?ttl=1.5', { name: 'a.mp4' }, 'InvalidParameter', 'a ttl that is not whole'],
    ['create?ttl=', { name: 'a.mp4' }, 'InvalidParameter', 'an empty ttl'],
  ])('refuses %s of %j with 400 %s: %s', async (path, body, code) => {
    const response = await post(path, body)
    expect([response.status, await response.json()]).toEqual([400, expect.objectContaining({ Code: code })])
    expect(asked).toEqual([])
  })

  test('refuses a body that is far too long', async () => {
    const response = await post('create', { name: 'x'.repeat(100_000) })
    expect(response.status).toBe(413)
  })

  test('knows no other action and no other method', async () => {
    expect((await post('delete', {})).status).toBe(404)
    expect((await call('create', { method: 'GET' })).status).toBe(405)
  })

  test('has no trouble to order where there is no local OSS', async () => {
    const response = await call('trouble', { method: 'GET', headers: { Origin: 'http://page.example' } })
    expect([response.status, await response.json()]).toEqual([
      404,
      expect.objectContaining({ Code: 'InvalidAction.NotFound', Message: expect.any(String) }),
    ])
    expect(response.headers.get('access-control-allow-origin')).toBe('http://page.example')
  })

  test('answers 500 to a defect, reports it and tells the page nothing of it', async () => {
    const response = await post('create', { name: 'defect.mp4' })
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('sixes')
    expect(defects).toEqual([new Error('at sixes and sevens')])
  })

  test('lets pages of an allowed origin ask, after a preflight', async () => {
    const preflight = await call('create', {
      method: 'OPTIONS',
      headers: {
        Origin: 'http://page.example',
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'content-type',
      },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe('http://page.example')
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, POST, DELETE')
    expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type')
    const response = await post('create', { name: 'a.mp4' }, { Origin: 'http://page.example' })
    expect(response.headers.get('access-control-allow-origin')).toBe('http://page.example')
    expect(response.headers.get('vary')).toBe('Origin')
  })

  test('does nothing for pages of another origin', async () => {
    const response = await post('create', { name: 'a.mp4' }, { Origin: 'http://evil.example' })
    expect(response.status).toBe(403)
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
    expect(asked).toEqual([])
  })
})
