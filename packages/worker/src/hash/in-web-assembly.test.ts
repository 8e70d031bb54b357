import { afterEach, expect, test, vi } from 'vitest'
import { NEVER } from '../clock/wait.ts'
import { createV1Signer } from '../oss/sign/v1.ts'
import { createMd5Blob } from './md5-blob.ts'

afterEach(() => vi.unstubAllGlobals())

const credentials = {
  accessKeyId: 'id',
  accessKeySecret: 'secret',
  region: undefined,
  securityToken: undefined,
}

test.each([
  ['MD5', () => createMd5Blob()(new Blob(['x']), NEVER)],
  ['Signature V1', () => createV1Signer(credentials)],
])('%s where WebAssembly is refused fails with WORKER_FAILED, and says what to allow', async (name, use) => {
  const refuse = (): Promise<never> => Promise.reject(new WebAssembly.CompileError('refused'))
  vi.stubGlobal('WebAssembly', { compile: refuse, instantiate: refuse })
  await expect(use()).rejects.toMatchObject({
    code: 'WORKER_FAILED',
    message: expect.stringMatching(new RegExp(`^${name} needs WebAssembly.*'wasm-unsafe-eval'`)),
  })
})
