import { afterEach, expect, test } from 'vitest'
import { createEngineBench } from '../../../../test/harness/engine-bench.ts'
import { MIB, requestFor, startTestEngine } from '../../../../test/harness/test-engine.ts'
import type { TestEngine } from '../../../../test/harness/test-engine.ts'
import { byteBodies } from '../body/body-source.ts'
import { UploadError } from '../protocol/errors.ts'
import type { AddRequest } from '../protocol/engine-api.ts'
import type { PartTask } from './ports.ts'

const bench = createEngineBench()
let page: TestEngine
afterEach(() => page.kill())

/** What happened to bodies, in its order. */
type Step = 'made' | 'sent'

interface Seen {
  readonly steps: readonly Step[]
  readonly kinds: ReadonlySet<string>
  readonly sizes: readonly number[]
}

/** @param before runs before each body is sent */
async function start(request: AddRequest, before: (task: PartTask) => void = () => undefined): Promise<Seen> {
  const steps: Step[] = []
  const kinds = new Set<string>()
  const sizes: number[] = []
  page = await startTestEngine({
    oss: bench.oss,
    settings: { parallelParts: 1, connectionsPerHost: 1 },
    ports: ({ partUploader }) => ({
      bodies: {
        ...byteBodies,
        make(range, signal) {
          steps.push('made')
          sizes.push(range.size)
          return byteBodies.make(range, signal)
        },
      },
      partUploader: {
        async send(task, options) {
          kinds.add(task.body.constructor.name)
          before(task)
          const answer = await partUploader.send(task, options)
          // A fast link, on which parts would grow.
          page.clock.advance(1)
          steps.push('sent')
          return answer
        },
      },
    }),
  })
  page.engine.add([request])
  return { steps, kinds, sizes }
}

test('where bytes are sent, the next part is read while one is sent, and no more than that', async () => {
  const request = requestFor(6 * MIB, MIB)
  const { steps, kinds } = await start(request)
  expect(await page.ends(request.localId)).toMatchObject({
    status: 'succeeded',
    result: { crc64Verified: true },
  })
  expect(kinds).toEqual(new Set(['ArrayBuffer']))
  expect(steps.join(' ')).toBe('made made sent made sent made sent made sent made sent sent')
  await bench.expectStored(request)
})

test('where bytes are sent, parts do not grow beyond 8 MiB, however fast the link is', async () => {
  const request = requestFor(80 * MIB)
  const { sizes } = await start(request)
  await page.ends(request.localId)
  expect(Math.max(...sizes)).toBe(8 * MIB)
  await bench.expectStored(request)
})

test('an attempt that failed has its bytes read again', async () => {
  const request = requestFor(2 * MIB, MIB)
  let isFirst = true
  const { kinds } = await start(request, ({ body }) => {
    if (!isFirst) return
    isFirst = false
    // As a worker of the pool has it: the bytes are its own, and it dies with them.
    if (body instanceof ArrayBuffer) structuredClone(body, { transfer: [body] })
    throw new UploadError('WORKER_CRASHED', 'lost')
  })
  await page.when(() => page.events.some(({ type }) => type === 'retry'))
  page.clock.advance(60_000)
  expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
  expect(kinds).toEqual(new Set(['ArrayBuffer']))
  await bench.expectStored(request)
})

test.each([
  [0, 3],
  [1, 2],
])('with %i connections to spare of three, %i bodies are on their way at a time', async (spare, most) => {
  const request = requestFor(12 * 102_400, 102_400)
  let underWay = 0
  let seen = 0
  page = await startTestEngine({
    oss: bench.oss,
    settings: { parallelParts: 5, connectionsPerHost: 3 },
    ports: ({ partUploader }) => ({
      spareConnections: spare,
      partUploader: {
        async send(task, options) {
          underWay += 1
          seen = Math.max(seen, underWay)
          return partUploader.send(task, options).finally(() => (underWay -= 1))
        },
      },
    }),
  })
  page.engine.add([request])
  await page.ends(request.localId)
  expect(seen).toBe(most)
})
