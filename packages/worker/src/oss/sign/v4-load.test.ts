import { createSHA256 } from 'hash-wasm'
import { expect, test, vi } from 'vitest'
import { createV4Signer } from './v4.ts'

vi.mock('hash-wasm', async (importOriginal) => {
  const original = await importOriginal<{ readonly createSHA256: typeof createSHA256 }>()
  return { ...original, createSHA256: vi.fn<typeof createSHA256>(original.createSHA256) }
})

const open = (): ReturnType<typeof createV4Signer> =>
  createV4Signer({ accessKeyId: 'a', accessKeySecret: 'b', securityToken: undefined }, 'cn-hangzhou')

test('a SHA-256 that did not start, for want of memory say, is started for the next signer, and once', async () => {
  vi.mocked(createSHA256).mockRejectedValueOnce(new RangeError('out of memory'))
  await expect(open()).rejects.toThrow('out of memory')
  const signer = await open()
  const request = { method: 'GET', bucket: 'b', key: 'k', query: {}, headers: {} } as const
  expect(await signer.signHeaders(request, new Date(0))).toHaveProperty('authorization')
  await open()
  expect(createSHA256).toHaveBeenCalledTimes(2)
})
