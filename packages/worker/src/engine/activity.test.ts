import { expect, test } from 'vitest'
import { createActivityBoard, waitingFor } from './activity.ts'
import type { ActivityCounts } from './activity.ts'

const counts = (some: Partial<ActivityCounts>): ActivityCounts => ({
  sending: 0,
  checking: 0,
  credentials: 0,
  backoff: 0,
  ...some,
})

test.each([
  ['nothing under way', counts({}), undefined],
  ['one of many still moves', counts({ sending: 1, backoff: 3, credentials: 1 }), undefined],
  ['it is being found out why', counts({ checking: 1, backoff: 3 }), undefined],
  ['all are attempted again in a while', counts({ backoff: 3 }), 'backoff'],
  ['newer credentials matter more than a while', counts({ backoff: 3, credentials: 1 }), 'credentials'],
])('waitingFor() %s', (_, some, reason) => {
  expect(waitingFor(some, false)).toBe(reason)
})

test('in an outage all that is under way waits for the network', () => {
  expect(waitingFor(counts({ sending: 2 }), true)).toBe('offline')
  expect(waitingFor(counts({ checking: 1 }), true)).toBe('offline')
  expect(waitingFor(counts({}), true)).toBeUndefined()
})

test('a board counts for as long as something takes, also when it fails', async () => {
  const seen: number[] = []
  const board = createActivityBoard(() => seen.push(board.counts().sending))
  const failing = board.track('sending', () => Promise.reject(new Error('lost')))
  expect(board.counts().sending).toBe(1)
  await expect(failing).rejects.toThrow('lost')
  expect(seen).toEqual([1, 0])
})
