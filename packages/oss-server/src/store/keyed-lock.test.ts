import { expect, test } from 'vitest'
import { createKeyedLock } from './keyed-lock.ts'

test('run() keeps tasks of one key apart and lets other keys pass', async () => {
  const lock = createKeyedLock()
  const seen: string[] = []
  let open: () => void = () => undefined
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const first = lock.run('a', async () => {
    seen.push('a1 begins')
    await gate
    seen.push('a1 ends')
  })
  const second = lock.run('a', async () => {
    seen.push('a2')
  })
  await lock.run('b', async () => {
    seen.push('b')
  })
  open()
  await Promise.all([first, second])
  expect(seen).toEqual(['a1 begins', 'b', 'a1 ends', 'a2'])
})

test('run() goes on with the next task after one that failed', async () => {
  const lock = createKeyedLock()
  const failing = lock.run('a', () => Promise.reject(new Error('broken')))
  const next = lock.run('a', async () => 'done')
  await expect(failing).rejects.toThrow('broken')
  await expect(next).resolves.toBe('done')
})
