import { describe, expect, test } from 'vitest'
import { createFaultBoard, type FaultTarget } from './fault-board.ts'
import type { FaultMatch } from './fault-order.ts'

const part = (partNumber: number, key = 'a'): FaultTarget => ({
  op: 'UploadPart',
  bucket: 'bucket',
  key,
  partNumber,
})

/** Which of the requests an order hits. */
function hits(match: FaultMatch, targets: readonly FaultTarget[]): boolean[] {
  const board = createFaultBoard()
  board.order({ ...match, kind: 'wrong-etag' })
  return targets.map((target) => board.fire(target).length > 0)
}

describe('fire() hits the requests that fit', () => {
  test.each<[match: FaultMatch, target: Partial<FaultTarget>, expected: boolean]>([
    [{}, {}, true],
    [{ op: 'UploadPart' }, {}, true],
    [{ op: 'PutObject' }, {}, false],
    [{ bucket: 'bucket' }, {}, true],
    [{ bucket: 'other' }, {}, false],
    [{ key: 'a' }, {}, true],
    [{ key: 'b' }, {}, false],
    [{ keyPrefix: 'up/' }, { key: 'up/a' }, true],
    [{ keyPrefix: 'up/' }, { key: 'a' }, false],
    [{ keyPrefix: '' }, { key: undefined }, false],
    [{ partNumber: 1 }, {}, true],
    [{ partNumber: 2 }, {}, false],
    [{}, { op: 'Preflight' }, false],
    [{ op: 'Preflight' }, { op: 'Preflight' }, true],
  ])('%j on %j: %s', (match, target, expected) => {
    expect(hits(match, [{ ...part(1), ...target }])).toEqual([expected])
  })
})

describe('fire() counts', () => {
  const parts = [part(1), part(2), part(1), part(2), part(1)]
  test.each<[match: FaultMatch, expected: boolean[]]>([
    [{}, [true, false, false, false, false]],
    [{ times: 2 }, [true, true, false, false, false]],
    [{ times: 'always' }, [true, true, true, true, true]],
    [{ attempt: 3 }, [false, false, true, false, false]],
    [{ attempt: 3, times: 2 }, [false, false, true, true, false]],
    [{ partNumber: 1, attempt: 2 }, [false, false, true, false, false]],
    [{ count: 'each' }, [true, true, false, false, false]],
    [{ count: 'each', attempt: 2, times: 'always' }, [false, false, true, true, true]],
    [{ probability: 0 }, [false, false, false, false, false]],
    [{ probability: 1 }, [true, true, true, true, true]],
    [{ probability: 1, times: 1 }, [true, false, false, false, false]],
  ])('%j', (match, expected) => {
    expect(hits(match, parts)).toEqual(expected)
  })
})

describe('fire() draws', () => {
  const many = Array.from({ length: 1000 }, (_, index) => part(index + 1))

  test('the same for the same seed, another way for another', () => {
    const order = { probability: 0.5, seed: 7 }
    expect(hits(order, many)).toEqual(hits(order, many))
    expect(hits(order, many)).not.toEqual(hits({ ...order, seed: 8 }, many))
  })

  test('about as often as told', () => {
    for (const seed of [1, 2, 3]) {
      const share = hits({ probability: 0.2, seed }, many).filter(Boolean).length / many.length
      expect(share).toBeGreaterThan(0.15)
      expect(share).toBeLessThan(0.25)
    }
  })

  test('for each attempt of a part anew', () => {
    const attempts = hits(
      { probability: 0.5 },
      Array.from({ length: 50 }, () => part(1)),
    )
    expect(new Set(attempts).size).toBe(2)
  })

  test('the same whatever order parallel requests come in', () => {
    const order = { probability: 0.3, seed: 3 }
    expect(hits(order, many.toReversed()).toReversed()).toEqual(hits(order, many))
  })
})

test('list() tells what has become of orders; cancel() and clear() take them back', () => {
  const board = createFaultBoard()
  const first = board.order({ kind: 'wrong-etag' })
  const second = board.order({ kind: 'wrong-crc', times: 'always' })
  expect(board.fire(part(1)).map(({ kind }) => kind)).toEqual(['wrong-etag', 'wrong-crc'])
  expect(board.fire(part(1)).map(({ kind }) => kind)).toEqual(['wrong-crc'])
  expect(board.list()).toEqual([
    { id: first.id, order: { kind: 'wrong-etag' }, matched: 2, hit: 1 },
    { id: second.id, order: { kind: 'wrong-crc', times: 'always' }, matched: 2, hit: 2 },
  ])
  expect([board.cancel(second.id), board.cancel(second.id)]).toEqual([true, false])
  expect(board.fire(part(1))).toEqual([])
  board.clear()
  expect(board.list()).toEqual([])
})
