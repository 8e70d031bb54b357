import { expect, test } from 'vitest'
import { createEngineBench, PART } from '../../../../test/harness/engine-bench.ts'
import { createTestBrowser, requestFor } from '../../../../test/harness/test-engine.ts'
import type { TestEngine } from '../../../../test/harness/test-engine.ts'

const bench = createEngineBench()

/** Retries as the page hears of them. */
const retriesOf = ({ events }: TestEngine): readonly string[] =>
  events.flatMap((event) => {
    if (event.type === 'retry') {
      const { error, attempt } = event
      return [`retry ${attempt} ${error.kind === 'service' ? error.answer.serviceCode : error.message}`]
    }
    return event.type === 'retry-resume' ? ['retry-resume'] : []
  })

const untilEnd = async (page: TestEngine, localId: string): Promise<void> => {
  await page.when(() => {
    page.clock.advance(1000)
    return page.statusesOf(localId).some((status) => status === 'succeeded' || status === 'failed')
  })
}

test('each failure that is tried again is told, and that it came through at last', async () => {
  const request = requestFor(3 * PART, PART)
  await bench.oss.api.orderFault({
    kind: 'status',
    status: 503,
    code: 'A',
    op: 'UploadPart',
    partNumber: 2,
    times: 2,
  })
  const page = await bench.upload(createTestBrowser(), request, { settings: { parallelParts: 1 } })
  await untilEnd(page, request.localId)
  expect(retriesOf(page)).toEqual(['retry 1 A', 'retry 2 A', 'retry-resume'])
})

test('with many that fail, the last one that comes through tells', async () => {
  const request = requestFor(5 * PART, PART)
  await bench.oss.api.orderFault({
    kind: 'status',
    status: 500,
    code: 'B',
    op: 'UploadPart',
    key: request.name,
    times: 5,
  })
  const page = await bench.upload(createTestBrowser(), request)
  await page.when(() => retriesOf(page).length === 5)
  await untilEnd(page, request.localId)
  expect(retriesOf(page)).toEqual([...Array.from({ length: 5 }, () => 'retry 1 B'), 'retry-resume'])
})

test('a failure that is not tried again is no retry', async () => {
  const request = requestFor(10)
  await bench.oss.api.orderFault({ kind: 'status', status: 400, code: 'InvalidArgument', key: request.name })
  const page = await bench.upload(createTestBrowser(), request)
  await untilEnd(page, request.localId)
  expect(retriesOf(page)).toEqual([])
})

test('an upload that fails in the end has not come through', async () => {
  const request = requestFor(10)
  await bench.oss.api.orderFault({ kind: 'status', status: 500, code: 'C', key: request.name, times: 3 })
  const page = await bench.upload(createTestBrowser(), request, { settings: { maxAttempts: 3 } })
  await untilEnd(page, request.localId)
  expect(retriesOf(page)).toEqual(['retry 1 C', 'retry 2 C'])
})

test('that it came through is told after a pause too', async () => {
  const request = requestFor(3 * PART, PART)
  await bench.oss.api.orderFault({
    kind: 'status',
    status: 503,
    code: 'D',
    op: 'UploadPart',
    key: request.name,
    times: 1,
  })
  const page = await bench.upload(createTestBrowser(), request, { settings: { parallelParts: 1 } })
  await page.when(() => retriesOf(page).length === 1)
  page.engine.pause(request.localId)
  page.engine.resume(request.localId)
  await untilEnd(page, request.localId)
  expect(retriesOf(page)).toEqual(['retry 1 D', 'retry-resume'])
})

test('what a canceled upload leaves is cleaned up without a word of retries', async () => {
  const request = requestFor(3 * PART, PART)
  await bench.oss.api.orderFault({
    kind: 'status',
    status: 503,
    code: 'E',
    op: 'AbortMultipartUpload',
    key: request.name,
    times: 1,
  })
  const page = await bench.upload(createTestBrowser(), request, { settings: { parallelParts: 1 } })
  await page.when(() => page.statusesOf(request.localId).includes('uploading'))
  const canceled = page.engine.cancel(request.localId)
  const aborts = async (): Promise<number> =>
    (await bench.operations(request)).filter((name) => name === 'AbortMultipartUpload').length
  // In small steps, since cancel() has a time limit too.
  while ((await aborts()) < 2) page.clock.advance(50)
  await canceled
  expect(await bench.oss.api.openUploads({ key: request.name })).toEqual([])
  expect(retriesOf(page)).toEqual([])
})
