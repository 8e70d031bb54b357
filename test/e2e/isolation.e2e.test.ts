import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { networkInterfaces, tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findEngines } from '../../scripts/engines.mjs'
import { openPage } from '../browsers/driven-page.ts'
import type { DrivenPage } from '../browsers/driven-page.ts'
import { INSECURE_HOST } from '../browsers/insecure-host.mjs'
import { startOssFixture } from '../harness/oss-fixture.ts'
import type { OssFixture } from '../harness/oss-fixture.ts'
import { startPlainSite } from './plain-site.ts'
import type { PlainSite } from './plain-site.ts'

const PAGE = '<!doctype html><title>Upload</title><script src="/sluice.js"></script>'
const SIZE_BYTES = 3 * 1024 ** 2

let folder: string
let oss: OssFixture
let endpoint: string
let site: PlainSite

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-isolation-'))
  oss = await startOssFixture()
  endpoint = (await oss.api.credentials({ key: 'probe' })).endpoint ?? ''
  site = await startPlainSite(oss)
})
afterAll(async () => {
  await site?.close()
  await oss?.close()
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

describe.each(['chromium' as const, ...findEngines()])('in %s', (engine) => {
  let page: DrivenPage | undefined
  let key: string
  beforeEach(() => {
    key = `isolation/${crypto.randomUUID()}.bin`
  })
  afterEach(async () => {
    await page?.close()
    page = undefined
    site.setScriptHeaders({})
  })

  const open = async (html: string, headers = {}, origin = site.url): Promise<DrivenPage> => {
    site.put('/page', { html, headers })
    page = await openPage(engine, `${origin}/page`, await mkdtemp(path.join(folder, `${engine}-`)))
    while ((await page.evaluate('document.readyState')) !== 'complete') continue
    return page
  }

  /** In a page: uploads a file that it makes, in parts. Answers the outcome in words. */
  const upload = async (options = ''): Promise<string> => {
    const credentials = JSON.stringify(await oss.api.credentials({ key }))
    return `(async () => {
      const uploader = Sluice.createUploader({ getCredentials: async () => (${credentials}), ${options} })
      const bytes = new Uint8Array(${SIZE_BYTES}).map((_, index) => index * 7 + (index >> 8))
      try {
        const { crc64Verified } = await uploader.upload(new Blob([bytes]), { partSizeBytes: 1048576 }).result
        return crc64Verified ? 'stored' : 'not verified'
      } catch (error) {
        return error.code + ': ' + error.message
      }
    })()`
  }

  const expectStored = async (): Promise<void> => {
    const bytes = new Uint8Array(SIZE_BYTES).map((_, index) => index * 7 + (index >> 8))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    expect(await oss.api.stored({ key })).toMatchObject({ sha256 })
    const log = await oss.api.log({ key })
    expect(log.filter(({ op, status }) => op === 'UploadPart' && status === 200)).toHaveLength(3)
  }

  test("under `default-src 'self'; connect-src <oss>; worker-src 'self'` it uploads, without WebAssembly", async () => {
    const policy = {
      'Content-Security-Policy': `default-src 'self'; connect-src ${endpoint}; worker-src 'self'`,
    }
    site.setScriptHeaders(policy)
    const { evaluate } = await open(PAGE, policy)
    expect(await evaluate(await upload("workerUrl: '/sluice.worker.js'"))).toBe('stored')
    await expectStored()
  })

  test('in a cross-origin isolated page it uploads', async () => {
    const headers = {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    }
    site.setScriptHeaders(headers)
    const { evaluate } = await open(PAGE, headers)
    expect(await evaluate('crossOriginIsolated')).toBe(true)
    expect(await evaluate(await upload())).toBe('stored')
    await expectStored()
  })

  test.each([
    ['of the same origin', (url: string) => `<iframe src="${url}/inner"></iframe>`],
    [
      'of another origin',
      (url: string) => `<iframe src="${url.replace('localhost', '127.0.0.1')}/inner"></iframe>`,
    ],
    [
      'with an origin of its own (sandbox)',
      (url: string) => `<iframe sandbox="allow-scripts" src="${url}/inner"></iframe>`,
    ],
  ])('in a frame %s it uploads', async (_, frame) => {
    const listen = `<script>outcome = new Promise((resolve) => (onmessage = ({ data }) => resolve(data)))</script>`
    const tell = `<script>${await upload()}.then((words) => parent.postMessage(words, '*'))</script>`
    site.put('/inner', { html: PAGE + tell })
    const { evaluate } = await open(listen + frame(site.url))
    expect(await evaluate('outcome')).toBe('stored')
    await expectStored()
  })

  describe('in an insecure context', () => {
    const address = networkAddress()
    const host = engine === 'webkit' ? address : INSECURE_HOST

    // WebKitGTK takes no names of a test; without an address beside loopback there is no insecure page.
    test.skipIf(host === undefined)('it uploads, with SHA-256 in WebAssembly', async () => {
      const { evaluate } = await open(PAGE, {}, site.url.replace('localhost', host ?? ''))
      expect(await evaluate('[isSecureContext, crypto.subtle === undefined]')).toEqual([false, true])
      expect(await evaluate(await upload())).toBe('stored')
      await expectStored()
    })

    test.skipIf(host === undefined)(
      'where WebAssembly is refused as well, it says what is missing',
      async () => {
        const policy = { 'Content-Security-Policy': "script-src 'self'; worker-src blob:" }
        const { evaluate } = await open(PAGE, policy, site.url.replace('localhost', host ?? ''))
        expect(await evaluate(await upload())).toMatch(
          /^WORKER_FAILED: SHA-256 without https needs WebAssembly, which the page's CSP/,
        )
        expect(await oss.api.log({ key })).toEqual([])
      },
    )
  })
})

/** An address of this machine beside loopback. */
function networkAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((known) => known ?? [])
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address
}
