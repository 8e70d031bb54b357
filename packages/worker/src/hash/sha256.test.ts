import { expect, test, vi } from 'vitest'

test('a part of the script that did not load is loaded again when it is needed again', async () => {
  // As in a page without https.
  vi.stubGlobal('crypto', {})
  let isDown = true
  vi.doMock('./wasm-sha256.ts', async (load) => {
    if (isDown) throw new Error('offline')
    return load()
  })
  const { loadSha256 } = await import('./sha256.ts')
  await expect(loadSha256()).rejects.toMatchObject({ code: 'WORKER_FAILED' })
  isDown = false
  vi.doUnmock('./wasm-sha256.ts')
  const sha256 = await loadSha256()
  // FIPS 180-2, appendix B.1
  expect(Buffer.from(await sha256.digest('abc')).toString('hex')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
  vi.unstubAllGlobals()
})
