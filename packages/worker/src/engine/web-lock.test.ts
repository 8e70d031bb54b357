import { afterEach, describe, expect, test, vi } from 'vitest'
import { heldWebLocks, takeWebLock } from './web-lock.ts'

const never = new AbortController().signal
const mustNotWait = (): never => expect.unreachable('there is nothing to wait for')

/** Has Web Locks fail, all in the same way. */
function failWith(error: Error): void {
  const fail = (): Promise<never> => Promise.reject(error)
  vi.stubGlobal('navigator', { locks: { request: fail, query: fail } })
}
afterEach(() => vi.unstubAllGlobals())

describe.each([
  ['that the browser lacks', () => vi.stubGlobal('navigator', {})],
  // As in Chromium whose user blocks storage, and in a sandboxed frame.
  ['that the browser refuses', () => failWith(new DOMException('The request was denied.', 'SecurityError'))],
])('Web Locks %s', (_, prepare) => {
  test('are done without', async () => {
    prepare()
    const unlock = await takeWebLock('a', mustNotWait, never)
    unlock()
    expect(await heldWebLocks()).toEqual(new Set())
  })
})

test('another failure of Web Locks is told', async () => {
  failWith(new DOMException('The document is not active', 'InvalidStateError'))
  await expect(takeWebLock('a', mustNotWait, never)).rejects.toThrow('not active')
  await expect(heldWebLocks()).rejects.toThrow('not active')
})
