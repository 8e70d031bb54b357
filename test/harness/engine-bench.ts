import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { AddRequest } from '../../packages/worker/src/protocol/engine-api.ts'
import { startOssFixture } from './oss-fixture.ts'
import type { OssFixture } from './oss-fixture.ts'
import { startTestEngine } from './test-engine.ts'
import type { TestBrowser, TestEngine, TestEngineOptions } from './test-engine.ts'

/** Size of the parts of the tests' uploads: the smallest that OSS takes. */
export const PART: number = 100 * 1024

/** What the tests of an engine's uploads share: a local OSS, and looks at what it has. */
export interface EngineBench {
  readonly oss: OssFixture
  /** Opens a page of a browser, and uploads a file in it. */
  upload(
    browser: TestBrowser,
    request: AddRequest,
    options?: Omit<TestEngineOptions, 'oss' | 'browser'>,
  ): Promise<TestEngine>
  /** Operations of a file's key so far. */
  operations(request: AddRequest): Promise<readonly string[]>
  /** Parts of a file's key that the service has stored, once for each time. */
  sentParts(request: AddRequest): Promise<readonly number[]>
  /** Sees to it that the service has the file byte for byte, and no upload of it is open. */
  expectStored(request: AddRequest): Promise<void>
}

/** Registers what runs before and after the tests of a file. */
export function createEngineBench(): EngineBench {
  let oss: OssFixture
  beforeAll(async () => {
    oss = await startOssFixture()
  })
  afterEach(() => oss.api.clearFaults())
  afterAll(() => oss.close())
  return {
    get oss() {
      return oss
    },
    async upload(browser, request, options = {}) {
      const page = await startTestEngine({ oss, browser, ...options })
      page.engine.add([request])
      return page
    },
    operations: async ({ name }) => (await oss.api.log({ key: name })).map(({ op }) => op),
    sentParts: async ({ name }) =>
      (await oss.api.log({ key: name })).flatMap(({ op, partNumber, status }) =>
        op === 'UploadPart' && status === 200 ? [partNumber ?? 0] : [],
      ),
    async expectStored({ name, file }) {
      expect(await oss.api.stored({ key: name })).toMatchObject({ sha256: await sha256Of(file) })
      expect(await oss.api.openUploads({ key: name })).toEqual([])
    },
  }
}

/** Why uploads of a page began anew. */
export function restartsOf({ events }: TestEngine): readonly string[] {
  return events.flatMap((event) => (event.type === 'restart' ? [event.reason] : []))
}

export async function sha256Of(file: Blob): Promise<string> {
  return createHash('sha256')
    .update(new Uint8Array(await file.arrayBuffer()))
    .digest('hex')
}
