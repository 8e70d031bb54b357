import { expect, test } from 'vitest'
import { createFakeClock } from '../../../../test/harness/fake-clock.ts'
import { watchHeartbeat } from './heartbeat.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Watches something that answers as told, and moves time in looks of 1 s. */
function watch(isAnswering: (look: number) => boolean): {
  readonly look: () => Promise<void>
  readonly silences: () => number
  readonly stop: () => void
} {
  const clock = createFakeClock()
  let looks = 0
  let silences = 0
  const stop = watchHeartbeat({
    clock,
    silenceTimeoutMs: 6000,
    ping: () => (isAnswering(looks) ? Promise.resolve() : new Promise(() => undefined)),
    onSilent: () => {
      silences += 1
    },
  })
  return {
    look: async () => {
      await turn()
      looks += 1
      clock.advance(1000)
    },
    silences: () => silences,
    stop,
  }
}

test('a thread that answers is never silent', async () => {
  const { look, silences } = watch(() => true)
  for (let count = 0; count < 20; count++) await look()
  expect(silences()).toBe(0)
})

test('a thread that stops answering is silent after the time limit, once', async () => {
  const { look, silences } = watch((count) => count < 3)
  for (let count = 0; count < 8; count++) await look()
  expect(silences()).toBe(0)
  for (let count = 0; count < 8; count++) await look()
  expect(silences()).toBe(1)
})

test('a machine that slept is no silence: one late look is one look', async () => {
  const clock = createFakeClock()
  let silences = 0
  watchHeartbeat({
    clock,
    silenceTimeoutMs: 6000,
    ping: () => new Promise(() => undefined),
    onSilent: () => {
      silences += 1
    },
  })
  clock.advance(3_600_000)
  expect(silences).toBe(0)
})

test('nothing is heard of what is not watched any more', async () => {
  const { look, silences, stop } = watch(() => false)
  stop()
  for (let count = 0; count < 20; count++) await look()
  expect(silences()).toBe(0)
})
