import { describe, expect, test } from 'vitest'
import { createEngineBench, PART } from '../../../../test/harness/engine-bench.ts'
import { createTestBrowser, requestFor } from '../../../../test/harness/test-engine.ts'
import { createCrc64 } from '../hash/crc64.ts'

const bench = createEngineBench()
const settings = { checksum: 'none' } as const

describe.each([
  ['in one request', 10, 'PutObject'],
  ['in parts', 3 * PART, 'UploadPart'],
] as const)('without a checksum, a file that goes %s', (_, sizeBytes, op) => {
  test('has the CRC-64 of the service, and nothing more is asked of it', async () => {
    const request = requestFor(sizeBytes, PART)
    const page = await bench.upload(createTestBrowser(), request, { settings })
    const crc64 = (await createCrc64())(new Uint8Array(await request.file.arrayBuffer()))
    expect(await page.ends(request.localId)).toMatchObject({
      status: 'succeeded',
      result: { crc64: crc64.toString(), crc64Verified: false },
    })
    await bench.expectStored(request)
    const operations = new Set(await bench.operations(request))
    expect(operations.has('ListParts') || operations.has('HeadObject')).toBe(false)
  })

  test('is not compared with what the service computed', async () => {
    const request = requestFor(sizeBytes, PART)
    await bench.oss.api.orderFault({ kind: 'wrong-crc', op, key: request.name })
    const page = await bench.upload(createTestBrowser(), request, { settings })
    expect(await page.ends(request.localId)).toMatchObject({ status: 'succeeded' })
    expect((await bench.operations(request)).filter((name) => name === op)).toHaveLength(
      sizeBytes > PART ? 3 : 1,
    )
  })
})

test('an upload goes on in another page with and without a checksum', async () => {
  const browser = createTestBrowser()
  const request = requestFor(6 * PART, PART)
  const first = await bench.upload(browser, request, { settings: { ...settings, parallelParts: 1 } })
  while ((await bench.oss.api.openParts({ key: request.name })) < 3)
    await new Promise((resolve) => setImmediate(resolve))
  first.kill()
  const second = await bench.upload(browser, request)
  expect(await second.ends(request.localId)).toMatchObject({ status: 'succeeded' })
  const sent = await bench.sentParts(request)
  // At most the part that was on its way goes twice.
  expect(sent.length).toBeLessThanOrEqual(7)
  await bench.expectStored(request)
})
