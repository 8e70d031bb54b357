import { describe, expect, test } from 'vitest'
import { chooseNext, createConnectionBudget } from './connection-budget.ts'
import type { ConnectionRequest, Release } from './connection-budget.ts'

const open = { bodiesPerOwner: 5, bodiesPerHost: () => Infinity, bodiesInAll: Infinity }
const limits = { ...open, perHost: 6 }
const origin = 'http://bucket.localhost'
const part = (owner: string): ConnectionRequest => ({ origin, owner, kind: 'body' })
const control = (owner: string): ConnectionRequest => ({ origin, owner, kind: 'control' })
const never = new AbortController().signal

describe('chooseNext()', () => {
  const many = (count: number, owner: string): ConnectionRequest[] =>
    Array.from({ length: count }, () => part(owner))

  test.each([
    { reason: 'nobody waits', waiting: [], holders: [], owner: undefined },
    { reason: 'the host is full', waiting: [part('a')], holders: many(6, 'b'), owner: undefined },
    {
      reason: 'the only one has its five parts',
      waiting: [part('a')],
      holders: many(5, 'a'),
      owner: undefined,
    },
    { reason: 'the first in line', waiting: [part('a'), part('b')], holders: [], owner: 'a' },
    { reason: 'who holds the fewest', waiting: [part('a'), part('b')], holders: [part('a')], owner: 'b' },
    {
      reason: 'a control request first',
      waiting: [part('b'), control('a')],
      holders: many(5, 'a'),
      owner: 'a',
    },
    {
      reason: 'no control request on a full host',
      waiting: [control('a')],
      holders: many(6, 'b'),
      owner: undefined,
    },
  ])('$reason', ({ waiting, holders, owner }) => {
    expect(chooseNext(waiting, holders, { perHost: 6, bodiesPerOwner: 5, bodies: 6 })?.owner).toBe(owner)
  })
})

describe('createConnectionBudget()', () => {
  test('gives a released connection to the next that waits', async () => {
    const budget = createConnectionBudget({ ...open, perHost: 1 })
    const order: string[] = []
    const first = await budget.acquire(part('a'), never)
    const second = budget.acquire(part('b'), never).then((release) => (order.push('b'), release))
    const third = budget.acquire(part('c'), never).then((release) => (order.push('c'), release))
    first()
    const release = await second
    expect(order).toEqual(['b'])
    release()
    await third
    expect(order).toEqual(['b', 'c'])
  })

  test('counts each host by itself', async () => {
    const budget = createConnectionBudget({ ...open, perHost: 1 })
    await budget.acquire(part('a'), never)
    const elsewhere = await budget.acquire({ ...part('a'), origin: 'http://other.localhost' }, never)
    expect(elsewhere).toBeTypeOf('function')
  })

  test('lets no more than the limit through, however many ask', async () => {
    const budget = createConnectionBudget(limits)
    const granted: Release[] = []
    const asked = Array.from({ length: 40 }, (_, index) =>
      budget.acquire(part(`file-${index % 10}`), never).then((release) => granted.push(release)),
    )
    let most = 0
    while (granted.length > 0 || most === 0) {
      await Promise.resolve()
      most = Math.max(most, granted.length)
      granted.splice(0, 1)[0]?.()
    }
    await Promise.all(asked)
    expect(most).toBe(6)
  })

  test('releasing twice gives one connection back', async () => {
    const budget = createConnectionBudget({ ...open, perHost: 1 })
    const release = await budget.acquire(part('a'), never)
    release()
    await budget.acquire(part('b'), never)
    release()
    const controller = new AbortController()
    const third = budget.acquire(part('c'), controller.signal)
    controller.abort(new Error('still full'))
    await expect(third).rejects.toThrow('still full')
  })

  test('rejects at once with the reason of a signal that is aborted already', async () => {
    const budget = createConnectionBudget(limits)
    await expect(budget.acquire(part('a'), AbortSignal.abort(new Error('no')))).rejects.toThrow('no')
  })

  test('forgets who stops waiting', async () => {
    const budget = createConnectionBudget({ ...open, perHost: 1 })
    const release = await budget.acquire(part('a'), never)
    const controller = new AbortController()
    const impatient = budget.acquire(part('b'), controller.signal)
    const patient = budget.acquire(part('c'), never)
    controller.abort(new Error('gone'))
    await expect(impatient).rejects.toThrow('gone')
    release()
    await expect(patient).resolves.toBeTypeOf('function')
  })
})
