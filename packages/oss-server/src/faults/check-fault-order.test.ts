import { describe, expect, test } from 'vitest'
import { checkFaultOrder } from './check-fault-order.ts'
import type { FaultOrder } from './fault-order.ts'

describe('checkFaultOrder() takes', () => {
  test.each<FaultOrder>([
    {
      kind: 'status',
      status: 503,
      code: 'ServiceUnavailable',
      headers: { 'retry-after': '1' },
      ec: '1-2',
      message: '',
    },
    { kind: 'throttled', qosDelayMs: 0, op: 'UploadPart', partNumber: 3 },
    { kind: 'expired-token', code: 'InvalidAccessKeyId', times: 'always' },
    { kind: 'clock-skew', offsetMs: -3_600_000 },
    { kind: 'reset', when: 'during-body', afterBytes: 0 },
    { kind: 'stall', when: 'answering', attempt: 2, times: 3 },
    { kind: 'bandwidth', bytesPerSecond: 1 },
    { kind: 'delay', delayMs: 5, when: 'answer' },
    { kind: 'lost-answer', ending: 'close', bucket: 'b', key: 'k' },
    { kind: 'truncated-answer', keepBytes: 0, http: 'valid' },
    { kind: 'html-answer', status: 200, effect: true },
    { kind: 'wrong-etag', probability: 0.5, seed: 0, count: 'each' },
    { kind: 'wrong-crc', keyPrefix: '' },
    { kind: 'missing-headers', headers: ['ETag'] },
    { kind: 'callback-failed' },
    { kind: 'corrupt-body', op: ['UploadPart', 'PutObject'] },
  ])('$kind', (order) => {
    expect(checkFaultOrder(order)).toEqual(order)
  })
})

describe('checkFaultOrder() refuses, naming field and rule', () => {
  test.each<[order: unknown, message: string]>([
    [null, 'a fault order must be an object, got null'],
    [[], 'kind must be one of status,'],
    [{}, 'kind must be one of status, throttled,'],
    [{ kind: 'explode' }, 'kind must be one of status, throttled,'],
    [{ kind: 'toString' }, 'kind must be one of status, throttled,'],
    [{ kind: 'status', status: 503 }, 'code is missing'],
    [{ kind: 'status', status: 200, code: 'X' }, 'status must be an integer from 300 to 599, got 200'],
    [{ kind: 'status', status: 503, code: 'X', headers: { a: 1 } }, 'headers.a must be a string, got 1'],
    [{ kind: 'wrong-etag', partNumbr: 1 }, 'partNumbr is unknown; known are op, bucket,'],
    [{ kind: 'wrong-etag', status: 500 }, 'status is unknown'],
    [{ kind: 'wrong-etag', partNumber: 0 }, 'partNumber must be an integer from 1 to 10000, got 0'],
    [{ kind: 'wrong-etag', op: 'uploadPart' }, 'op must be one of Preflight,'],
    [{ kind: 'wrong-etag', op: ['UploadPart', 'part'] }, 'op[1] must be one of Preflight,'],
    [
      { kind: 'wrong-etag', times: 'never' },
      'times must be an integer of at least 1 or \'always\', got "never"',
    ],
    [{ kind: 'wrong-etag', times: 0 }, "times must be an integer of at least 1 or 'always', got 0"],
    [{ kind: 'wrong-etag', probability: 2 }, 'probability must be a number from 0 to 1, got 2'],
    [
      { kind: 'reset', when: 'later' },
      'when must be one of before-body, during-body, after-body, got "later"',
    ],
    [{ kind: 'delay', delayMs: 1.5 }, 'delayMs must be an integer of at least 0, got 1.5'],
    [{ kind: 'missing-headers', headers: 'etag' }, 'headers must be a list, got "etag"'],
  ])('%j', (order, message) => {
    expect(() => checkFaultOrder(order)).toThrow(message)
  })
})
