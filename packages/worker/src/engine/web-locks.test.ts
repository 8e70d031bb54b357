import { afterEach, describe, expect, test, vi } from 'vitest'
import { createWebLocks } from './web-locks.ts'

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
  test('are replaced by locks of this page alone', async () => {
    prepare()
    const { takeLock, heldLocks } = createWebLocks()
    const unlock = await takeLock('a', mustNotWait, never)
    expect(await heldLocks()).toEqual(new Set(['a']))
    let waits = 0
    const second = takeLock('a', () => (waits += 1), never)
    await heldLocks()
    expect(waits).toBe(1)
    unlock()
    const unlockSecond = await second
    unlockSecond()
    expect(await heldLocks()).toEqual(new Set())
  })

  test('are not waited for any longer by who is aborted', async () => {
    prepare()
    const { takeLock } = createWebLocks()
    await takeLock('a', mustNotWait, never)
    const controller = new AbortController()
    const second = takeLock('a', () => controller.abort(new Error('canceled')), controller.signal)
    await expect(second).rejects.toThrow('canceled')
  })
})

test('another failure of Web Locks is told', async () => {
  failWith(new DOMException('The document is not active', 'InvalidStateError'))
  const { takeLock, heldLocks } = createWebLocks()
  await expect(takeLock('a', mustNotWait, never)).rejects.toThrow('not active')
  await expect(heldLocks()).rejects.toThrow('not active')
})
