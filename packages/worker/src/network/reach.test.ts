import { expect, test } from 'vitest'
import { isScoutDue, moveReach } from './reach.ts'
import type { Reach, ReachEvent } from './reach.ts'

const unknown: Reach = { kind: 'unknown' }
const up: Reach = { kind: 'up' }
const down = (looks: number, hadAnswered = true): Reach => ({ kind: 'down', hadAnswered, looks })
const answered: ReachEvent = { type: 'answered' }
const looked: ReachEvent = { type: 'looked' }
const lost: ReachEvent = { type: 'link-lost' }
const failed = (hasLink: boolean): ReachEvent => ({ type: 'probe-failed', hasLink })

test.each<[from: Reach, event: ReachEvent, to: Reach, why: string]>([
  [unknown, answered, up, ''],
  [unknown, failed(true), unknown, 'a wrong address looks like this for ever'],
  [unknown, failed(false), down(1, false), 'the browser has no network'],
  [unknown, lost, unknown, 'it may be this very machine, which needs no network'],
  [up, answered, up, ''],
  [up, failed(true), down(1), 'it had answered, so it will again'],
  [up, failed(false), down(1), ''],
  [up, lost, down(1), ''],
  [up, looked, up, ''],
  [down(2), answered, up, 'also when the browser says nothing'],
  [down(2), failed(true), down(2), ''],
  [down(2), looked, down(3), ''],
  [down(2), lost, down(2), ''],
  [down(2, false), failed(false), down(2, false), ''],
  [down(2, false), failed(true), unknown, 'there is a network now, and still no answer'],
])('moveReach() of %j by %j is %j: %s', (from, event, to) => {
  expect(moveReach(from, event)).toEqual(to)
})

test('isScoutDue() lets requests through at growing intervals', () => {
  const due = Array.from({ length: 100 }, (_, index) => index + 1).filter(isScoutDue)
  expect(due).toEqual([5, 10, 20, 40, 80])
})
