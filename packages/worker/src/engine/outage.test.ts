import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEngineBench, PART } from '../../../../test/harness/engine-bench.ts'
import { requestFor, startTestEngine } from '../../../../test/harness/test-engine.ts'
import type { TestEngine, TestEngineOptions } from '../../../../test/harness/test-engine.ts'
import { createLocalPartUploader } from '../part/local-part-uploader.ts'
import type { AddRequest } from '../protocol/engine-api.ts'
import { UploadError } from '../protocol/errors.ts'
import type { EnginePorts } from './ports.ts'

const bench = createEngineBench()

/** Whether the network is cut, and what the browser says of it. */
let isCut: boolean
let hasLink: boolean
let tellOfLink: () => void
/** Called before each request. */
let onRequest: (method: string, body: unknown) => void
let page: TestEngine
beforeEach(() => {
  isCut = false
  hasLink = true
  onRequest = () => undefined
})
afterEach(() => page.kill())

function cuttable(base: EnginePorts): Partial<EnginePorts> {
  const http: EnginePorts['http'] = async (request, body, options) => {
    onRequest(request.method, body)
    if (isCut) throw new UploadError('NETWORK', 'cut')
    const answer = await base.http(request, body, options)
    if (isCut) throw new UploadError('NETWORK', 'cut')
    return answer
  }
  return {
    http,
    partUploader: createLocalPartUploader(http, base.hashBlob),
    probe: async () => !isCut,
    link: {
      isUp: () => hasLink,
      onChange: (listener) => {
        tellOfLink = listener
      },
    },
  }
}

async function start(request: AddRequest, options: Partial<TestEngineOptions> = {}): Promise<void> {
  page = await startTestEngine({
    oss: bench.oss,
    settings: { maxAttempts: 1, parallelParts: 2 },
    ports: cuttable,
    ...options,
  })
  page.engine.add([request])
}

const isWaiting = (request: AddRequest, reason: string) => (): boolean => {
  const state = page.statesOf(request.localId).at(-1)
  return state?.status === 'waiting' && state.reason === reason
}

/** Moves time until the upload has ended. */
async function endsInTime(request: AddRequest): Promise<unknown> {
  const move = setInterval(() => page.clock.advance(500))
  try {
    return await page.ends(request.localId)
  } finally {
    clearInterval(move)
  }
}

describe('a network that goes away', () => {
  test('while parts are sent costs no attempt', async () => {
    const request = requestFor(6 * PART, PART)
    let bodies = 0
    onRequest = (_, body) => {
      if (body instanceof Blob && (bodies += 1) === 3) isCut = true
    }
    await start(request)
    await page.when(isWaiting(request, 'offline'))
    expect(page.statesOf(request.localId).at(-1)).toMatchObject({ during: 'uploading' })
    isCut = false
    expect(await endsInTime(request)).toMatchObject({ status: 'succeeded' })
    expect(page.statusesOf(request.localId)).toEqual([
      'preparing',
      'uploading',
      'waiting',
      'uploading',
      'completing',
      'succeeded',
    ])
  })

  test('while the object is put together ends as succeeded', async () => {
    const request = requestFor(3 * PART, PART)
    onRequest = (method, body) => {
      if (method === 'POST' && body !== undefined) isCut = true
    }
    await start(request)
    await page.when(isWaiting(request, 'offline'))
    onRequest = () => undefined
    isCut = false
    expect(await endsInTime(request)).toMatchObject({ status: 'succeeded' })
  })

  test('by the word of the browser, before anything is sent, is waited for', async () => {
    const request = requestFor(10)
    hasLink = false
    let asked = 0
    await start(request, {
      ports: (base) => ({
        ...cuttable(base),
        getCredentials: async (...args) => {
          asked += 1
          if (!hasLink) throw new UploadError('CREDENTIALS_FAILED', 'no network')
          return base.getCredentials(...args)
        },
      }),
    })
    await page.when(isWaiting(request, 'offline'))
    expect(asked).toBe(1)
    hasLink = true
    tellOfLink()
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
  })

  test('does not keep a cancel waiting, which tells that something may be left', async () => {
    const request = requestFor(4 * PART, PART)
    let bodies = 0
    onRequest = (_, body) => {
      if (body instanceof Blob && (bodies += 1) === 2) isCut = true
    }
    await start(request)
    await page.when(isWaiting(request, 'offline'))
    expect(await page.engine.cancel(request.localId)).toMatchObject({ ok: false, error: { code: 'NETWORK' } })
    expect(page.statusesOf(request.localId).at(-1)).toBe('canceled')
  })

  test('does not keep a pause waiting', async () => {
    const request = requestFor(4 * PART, PART)
    let bodies = 0
    onRequest = (_, body) => {
      if (body instanceof Blob && (bodies += 1) === 2) isCut = true
    }
    await start(request)
    await page.when(isWaiting(request, 'offline'))
    page.engine.pause(request.localId)
    expect(page.statusesOf(request.localId).at(-1)).toBe('paused')
    isCut = false
    page.engine.resume(request.localId)
    expect(await endsInTime(request)).toMatchObject({ status: 'succeeded' })
  })

  test('and takes a body with it without a word has that body sent again when it is back', async () => {
    const request = requestFor(2 * PART, PART)
    let bodies = 0
    let isFirstStored = false
    await start(request, {
      ports: (base) => {
        const ports = cuttable(base)
        return {
          ...ports,
          partUploader: {
            send: async (task, options) => {
              bodies += 1
              if (bodies !== 2)
                return base.partUploader.send(task, options).finally(() => (isFirstStored = true))
              isCut = true
              return new Promise((_, reject) => {
                options.signal.addEventListener('abort', () => reject(options.signal.reason), { once: true })
              })
            },
          },
        }
      },
    })
    await page.when(() => isFirstStored)
    for (let turn = 0; turn < 20 || !isWaiting(request, 'offline')(); turn++) {
      page.clock.advance(1000)
      await new Promise((resolve) => setImmediate(resolve))
    }
    isCut = false
    expect(await endsInTime(request)).toMatchObject({ status: 'succeeded' })
    expect(bodies).toBe(3)
  })
})

describe('a host that nothing has ever come back from', () => {
  test('is not waited for: the address may be wrong', async () => {
    const request = requestFor(10)
    isCut = true
    await start(request)
    expect(await page.ends(request.localId)).toMatchObject({ status: 'failed', error: { code: 'NETWORK' } })
  })

  test('but can be reached does not allow the page by its CORS rule, and the rule to add is told', async () => {
    const request = requestFor(10)
    isCut = true
    await start(request, {
      ports: (base) => ({ ...cuttable(base), probe: async () => true, isAllowedByCors: async () => false }),
    })
    const end = await page.ends(request.localId)
    expect(end).toMatchObject({ status: 'failed', error: { code: 'CORS_REFUSED' } })
    expect(JSON.stringify(end)).toContain('origin http://page.test; methods PUT, POST, GET, HEAD, DELETE')
  })
})

test('an upload of which all is attempted again later is visibly waiting', async () => {
  const request = requestFor(10)
  await bench.oss.api.orderFault({
    kind: 'status',
    status: 503,
    code: 'ServiceUnavailable',
    key: request.name,
  })
  await start(request, { settings: { maxAttempts: 2 } })
  await page.when(isWaiting(request, 'backoff'))
  expect(await endsInTime(request)).toMatchObject({ status: 'succeeded' })
})

test('an upload that cannot go on before newer credentials have come is visibly waiting', async () => {
  const request = requestFor(10)
  await bench.oss.api.orderFault({ kind: 'expired-token', key: request.name })
  let answer: () => void = () => undefined
  await start(request, {
    ports: (base) => ({
      getCredentials: async (asked, signal) => {
        if (asked.reason === 'refresh') await new Promise<void>((resolve) => (answer = resolve))
        return base.getCredentials(asked, signal)
      },
    }),
  })
  await page.when(isWaiting(request, 'credentials'))
  answer()
  expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
})
