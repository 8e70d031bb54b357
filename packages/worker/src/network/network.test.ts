import { beforeEach, describe, expect, test } from 'vitest'
import { createFakeClock } from '../../../../test/harness/fake-clock.ts'
import type { FakeClock } from '../../../../test/harness/fake-clock.ts'
import { NEVER } from '../clock/wait.ts'
import { createNetwork } from './network.ts'
import type { Network } from './network.ts'

const HOST = 'https://bucket.example'

let clock: FakeClock
let isReachable: boolean
let hasLink: boolean
let probes: number
let changes: number
let tellOfLink: () => void
let network: Network

beforeEach(() => {
  clock = createFakeClock()
  isReachable = true
  hasLink = true
  probes = 0
  changes = 0
  network = createNetwork({
    clock,
    random: () => 0.5,
    probe: async () => {
      probes += 1
      return isReachable
    },
    link: {
      isUp: () => hasLink,
      onChange: (listener) => {
        tellOfLink = listener
      },
    },
    onChange: () => {
      changes += 1
    },
  })
})

/** Lets everything happen that can without time going on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Whether a promise has settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  promise.then(
    () => (settled = true),
    () => (settled = true),
  )
  await settle()
  return settled
}

describe('a failure without an answer', () => {
  test('is no outage when a probe is answered', async () => {
    network.answered(HOST, 'PUT')
    expect(await network.outlast(HOST, NEVER)).toBe(false)
    expect(network.isDown(HOST)).toBe(false)
  })

  test('is an outage when nothing answers that did before', async () => {
    network.answered(HOST, 'PUT')
    isReachable = false
    const outlasted = network.outlast(HOST, NEVER)
    expect(await isSettled(outlasted)).toBe(false)
    expect(network.isDown(HOST)).toBe(true)
  })

  test('is no outage where nothing has ever answered: the address may be wrong', async () => {
    isReachable = false
    expect(await network.outlast(HOST, NEVER)).toBe(false)
  })

  test('is an outage there too while the browser has no network', async () => {
    isReachable = false
    hasLink = false
    expect(await isSettled(network.outlast(HOST, NEVER))).toBe(false)
  })

  test('of many requests at once is looked into once', async () => {
    network.answered(HOST, 'PUT')
    await Promise.all([1, 2, 3].map(() => network.outlast(HOST, NEVER)))
    expect(probes).toBe(1)
  })
})

describe('an outage', () => {
  beforeEach(() => {
    network.answered(HOST, 'PUT')
    isReachable = false
  })

  test('ends when a probe is answered, without a word of the browser', async () => {
    const outlasted = network.outlast(HOST, NEVER)
    await settle()
    isReachable = true
    clock.advance(250)
    expect(await outlasted).toBe(true)
    expect(network.isDown(HOST)).toBe(false)
  })

  test('is probed at longer and longer intervals, at most 3 s', async () => {
    void network.outlast(HOST, NEVER)
    await settle()
    for (let probe = 0; probe < 4; probe++) {
      clock.advance(3000)
      await settle()
    }
    const before = probes
    clock.advance(1499)
    await settle()
    expect(probes).toBe(before)
    clock.advance(1)
    await settle()
    expect(probes).toBe(before + 1)
  })

  test('ends at once when the browser says that the network is back', async () => {
    const outlasted = network.outlast(HOST, NEVER)
    await settle()
    isReachable = true
    tellOfLink()
    expect(await outlasted).toBe(true)
  })

  test('begins with the word of the browser, and holds what has not begun', async () => {
    hasLink = false
    tellOfLink()
    expect(network.isDown(HOST)).toBe(true)
    expect(await isSettled(network.ready(HOST, NEVER))).toBe(false)
  })

  test('ends when a request that was on its way is answered', async () => {
    const outlasted = network.outlast(HOST, NEVER)
    await settle()
    network.answered(HOST, 'PUT')
    expect(await outlasted).toBe(true)
  })

  test('is not waited for any longer by who is aborted, and then not probed', async () => {
    const controller = new AbortController()
    const outlasted = network.outlast(HOST, controller.signal)
    await settle()
    controller.abort(new Error('paused'))
    await expect(outlasted).rejects.toThrow('paused')
    clock.advance(5000)
    await settle()
    const before = probes
    clock.advance(60_000)
    await settle()
    expect(probes).toBe(before)
  })

  test('is told of when it begins and when it ends', async () => {
    const outlasted = network.outlast(HOST, NEVER)
    await settle()
    expect(changes).toBe(2)
    network.answered(HOST, 'PUT')
    await outlasted
    expect(changes).toBe(3)
  })
})

describe('probes that are not answered at once', () => {
  let answers: ((isAnswered: boolean) => void)[]
  beforeEach(() => {
    answers = []
    network = createNetwork({
      clock,
      random: () => 0.5,
      probe: (_, signal) =>
        new Promise((resolve) => {
          answers.push(resolve)
          signal.addEventListener('abort', () => resolve(false), { once: true })
        }),
      link: { isUp: () => true, onChange: () => undefined },
      onChange: () => undefined,
    })
    network.answered(HOST, 'PUT')
  })

  test('are an outage after 3 s, which ends when one of them is', async () => {
    const outlasted = network.outlast(HOST, NEVER)
    await settle()
    expect(network.isDown(HOST)).toBe(false)
    clock.advance(3000)
    await settle()
    expect(network.isDown(HOST)).toBe(true)
    answers[0]?.(true)
    expect(await outlasted).toBe(true)
  })

  test('are followed by others, up to six at a time, and make room when they are old', async () => {
    void network.outlast(HOST, NEVER, 'watcher')
    await settle()
    clock.advance(3000)
    for (let look = 0; look < 20; look++) {
      await settle()
      clock.advance(3000)
    }
    // In a minute, of which each took 12 s.
    expect(answers.length).toBeGreaterThan(6)
    expect(answers.length).toBeLessThanOrEqual(36)
    answers.at(-1)?.(true)
    await settle()
    expect(network.isDown(HOST)).toBe(false)
  })

  test('that fail after the host has answered again say nothing', async () => {
    void network.outlast(HOST, NEVER)
    await settle()
    clock.advance(3000)
    await settle()
    network.answered(HOST, 'PUT')
    clock.advance(1000)
    answers[0]?.(false)
    await settle()
    expect(network.isDown(HOST)).toBe(false)
  })

  test('are no outage when a request is answered meanwhile', async () => {
    const outlasted = network.outlast(HOST, NEVER)
    clock.advance(2900)
    network.answered(HOST, 'PUT')
    clock.advance(100)
    expect(await outlasted).toBe(false)
  })
})

test('probes that never come through do not hold requests for ever: one goes ahead now and then', async () => {
  network.answered(HOST, 'PUT')
  isReachable = false
  const first = network.outlast(HOST, NEVER)
  const second = network.outlast(HOST, NEVER)
  for (let look = 0; look < 6; look++) {
    await settle()
    clock.advance(3000)
  }
  expect(await first).toBe(true)
  expect(network.isDown(HOST)).toBe(true)
  expect(await isSettled(second)).toBe(false)
})

test('a wrong address is no outage any more once there is a network', async () => {
  hasLink = false
  isReachable = false
  const outlasted = network.outlast(HOST, NEVER)
  await settle()
  expect(network.isDown(HOST)).toBe(true)
  hasLink = true
  tellOfLink()
  expect(await outlasted).toBe(true)
  expect(network.isDown(HOST)).toBe(false)
})
describe('where no host is known yet', () => {
  test('the browser is asked', async () => {
    expect(await network.outlast(undefined, NEVER)).toBe(false)
    hasLink = false
    expect(network.isDown(undefined)).toBe(true)
    const outlasted = network.outlast(undefined, NEVER)
    expect(await isSettled(outlasted)).toBe(false)
    hasLink = true
    tellOfLink()
    expect(await outlasted).toBe(true)
  })

  test('it is tried again after 30 s whatever the browser says', async () => {
    hasLink = false
    const outlasted = network.outlast(undefined, NEVER)
    clock.advance(30_000)
    expect(await outlasted).toBe(true)
  })
})

describe('a host that answers probes but never a request', () => {
  test('is silent', async () => {
    await network.outlast(HOST, NEVER)
    expect(network.isSilent(HOST, 'PUT')).toBe(true)
  })

  test('is not once it has answered one', async () => {
    await network.outlast(HOST, NEVER)
    network.answered(HOST, 'PUT')
    expect(network.isSilent(HOST, 'PUT')).toBe(false)
  })
})
