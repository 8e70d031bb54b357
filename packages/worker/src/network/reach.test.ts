import { expect, test } from 'vitest'
import { moveReach } from './reach.ts'
import type { Reach, ReachEvent } from './reach.ts'

const unknown: Reach = { kind: 'unknown' }
const up: Reach = { kind: 'up' }
const down = (probes: number): Reach => ({ kind: 'down', probes })
const answered: ReachEvent = { type: 'answered' }
const lost: ReachEvent = { type: 'link-lost' }
const failed = (hasLink: boolean): ReachEvent => ({ type: 'probe-failed', hasLink })

test.each<[from: Reach, event: ReachEvent, to: Reach, why: string]>([
  [unknown, answered, up, ''],
  [unknown, failed(true), unknown, 'a wrong address looks like this for ever'],
  [unknown, failed(false), down(1), 'the browser has no network'],
  [unknown, lost, unknown, 'it may be this very machine, which needs no network'],
  [up, answered, up, ''],
  [up, failed(true), down(1), 'it had answered, so it will again'],
  [up, failed(false), down(1), ''],
  [up, lost, down(1), ''],
  [down(2), answered, up, 'also when the browser says nothing'],
  [down(2), failed(true), down(2), ''],
  [down(2), { type: 'probed' }, down(3), 'the next is later'],
  [up, { type: 'probed' }, up, ''],
  [down(2), lost, down(2), ''],
])('moveReach() of %j by %j is %j: %s', (from, event, to) => {
  expect(moveReach(from, event)).toEqual(to)
})
