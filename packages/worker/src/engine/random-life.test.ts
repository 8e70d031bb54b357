import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startOssFixture } from '../../../../test/harness/oss-fixture.ts'
import type { OssFixture } from '../../../../test/harness/oss-fixture.ts'
import { createTestBrowser, requestFor, startTestEngine } from '../../../../test/harness/test-engine.ts'
import type { TestBrowser, TestEngine } from '../../../../test/harness/test-engine.ts'
import type { AddRequest } from '../protocol/engine-api.ts'

const PART = 100 * 1024

let oss: OssFixture
beforeAll(async () => {
  oss = await startOssFixture()
})
afterAll(() => oss.close())

/** What can happen to an upload from outside. */
type Step =
  | { readonly kind: 'pause' | 'resume' | 'cancel' | 'kill' | 'expire' | 'reset' }
  /** Lets so many turns of the event loop pass. */
  | { readonly kind: 'turns'; readonly count: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('turns' as const), count: fc.nat(40) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('pause' as const, 'resume' as const, 'kill' as const) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('cancel' as const, 'expire' as const, 'reset' as const) }),
  },
)

async function open(browser: TestBrowser, request: AddRequest): Promise<TestEngine> {
  // Time is moved without looking at what the server is doing: no limit must end by that.
  const settings = { parallelParts: 3, requestTimeoutMs: 2 ** 31 - 1 }
  const page = await startTestEngine({ oss, browser, settings, ports: () => ({ probe: async () => true }) })
  page.engine.add([request])
  return page
}

/** Goes on until the upload ends: resumes what is paused, and picks the file again when the network has failed. */
async function seeToItsEnd(
  browser: TestBrowser,
  request: AddRequest,
  first: TestEngine,
): Promise<TestEngine> {
  let page = first
  for (;;) {
    const status = page.statusesOf(request.localId).at(-1)
    if (status === 'succeeded' || status === 'canceled') return page
    if (status === 'failed') {
      const state = page.statesOf(request.localId).at(-1)
      const isNetwork = state?.status === 'failed' && 'code' in state.error && state.error.code === 'NETWORK'
      if (!isNetwork) throw new Error(`Failed with ${JSON.stringify(state)}`)
      page.kill()
      page = await open(browser, request)
    }
    if (status === 'paused') page.engine.resume(request.localId)
    page.clock.advance(1000)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test('whatever happens to an upload, it ends as the right object or canceled, and leaves nothing behind', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      await oss.api.clearFaults()
      const browser = createTestBrowser()
      const request = requestFor(7 * PART + 1, PART)
      const { localId, name } = request
      let page = await open(browser, request)
      let isCanceled = false
      let kills = 0
      for (const happening of steps) {
        switch (happening.kind) {
          case 'turns':
            for (let turn = 0; turn < happening.count; turn++)
              await new Promise((resolve) => setImmediate(resolve))
            break
          case 'pause':
            page.engine.pause(localId)
            break
          case 'resume':
            page.engine.resume(localId)
            break
          case 'cancel':
            // A page that is killed meanwhile has canceled nothing.
            void page.engine.cancel(localId).then(({ ok }) => (isCanceled ||= ok))
            break
          case 'kill':
            kills += 1
            page.kill()
            page = await open(browser, request)
            break
          case 'expire':
            await oss.api.orderFault({ kind: 'expired-token', key: name })
            break
          case 'reset':
            await oss.api.orderFault({ kind: 'reset', when: 'during-body', key: name, op: 'UploadPart' })
            break
        }
      }
      page = await seeToItsEnd(browser, request, page)
      await oss.api.clearFaults()
      const end = page.statusesOf(localId).at(-1)
      expect(await browser.store.entries()).toEqual([])
      const stored = await oss.api.stored({ key: name })
      const sha256 = createHash('sha256')
        .update(new Uint8Array(await request.file.arrayBuffer()))
        .digest('hex')
      // Canceled is only what somebody has canceled; and a cancel that came too late leaves the right object.
      expect(stored?.sha256).toBe(end === 'succeeded' ? sha256 : undefined)
      expect(end === 'succeeded' || isCanceled).toBe(true)
      // A page that dies between Initiate and its answer leaves an empty upload that nobody knows; the service purges it.
      expect(await oss.api.openParts({ key: name })).toBe(0)
      expect((await oss.api.openUploads({ key: name })).length).toBeLessThanOrEqual(kills)
      page.kill()
    }),
    { numRuns: 60, seed: 20261122 },
  )
}, 120_000)
