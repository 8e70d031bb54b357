import { describe, expect, test } from 'vitest'
import { UploadError } from '@sluice/core'
import type { UploadState } from '@sluice/core'
import { toOverall } from './overall.ts'

type Part = Parameters<typeof toOverall>[0] extends Iterable<infer Moment> ? Moment : never

const part = (state: UploadState, sentBytes: number, totalBytes: number, bytesPerSecond = 0): Part => ({
  state,
  progress: { sentBytes, totalBytes, bytesPerSecond, etaMs: undefined },
})
const FAILED: UploadState = { status: 'failed', error: new UploadError('TIMEOUT', 'late') }

describe('toOverall()', () => {
  test('sums up bytes and speeds, and what is left at that speed', () => {
    const overall = toOverall([
      part({ status: 'uploading' }, 50, 100, 10),
      part({ status: 'uploading' }, 0, 100, 15),
      part({ status: 'queued' }, 0, 100),
    ])
    expect(overall).toMatchObject({
      all: 3,
      running: 3,
      sentBytes: 50,
      totalBytes: 300,
      bytesPerSecond: 25,
      etaMs: 10_000,
      percent: 16,
    })
  })

  test('counts neither bytes of what has failed nor of what was canceled', () => {
    const overall = toOverall([
      part({ status: 'canceled' }, 10, 100),
      part(FAILED, 20, 100),
      part({ status: 'paused', error: undefined }, 30, 100, 5),
    ])
    expect(overall).toMatchObject({
      all: 3,
      canceled: 1,
      failed: 1,
      paused: 1,
      running: 0,
      sentBytes: 30,
      totalBytes: 100,
      bytesPerSecond: 0,
      etaMs: undefined,
      percent: 30,
    })
  })

  test('is at 0 % of nothing, and at 100 % when an empty file is uploaded', () => {
    expect(toOverall([]).percent).toBe(0)
    expect(toOverall([part({ status: 'queued' }, 0, 0)]).percent).toBe(0)
    const result = {} as Extract<UploadState, { status: 'succeeded' }>['result']
    expect(toOverall([part({ status: 'succeeded', result }, 0, 0)]).percent).toBe(100)
  })
})
