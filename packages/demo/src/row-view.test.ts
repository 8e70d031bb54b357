import { describe, expect, test } from 'vitest'
import { UploadError } from '@sluice/core'
import type { UploadProgress, UploadState } from '@sluice/core'
import { toCancelProblem, toRowView } from './row-view.ts'

const HALF: UploadProgress = {
  sentBytes: 5_000_000,
  totalBytes: 10_000_001,
  bytesPerSecond: 1e6,
  etaMs: 5000,
}
const EMPTY: UploadProgress = { sentBytes: 0, totalBytes: 0, bytesPerSecond: 0, etaMs: undefined }

const SUCCEEDED: UploadState = {
  status: 'succeeded',
  result: {
    mediaId: 'm-1',
    bucket: 'outin-1',
    key: 'sv/1/1.mp4',
    sizeBytes: 10_000_001,
    crc64: '11051210869376104954',
    crc64Verified: true,
    etag: undefined,
    callback: undefined,
  },
}

describe('toRowView()', () => {
  test.each<[UploadState['status'], readonly string[], string]>([
    ['queued', ['pause', 'cancel'], 'has not begun'],
    ['preparing', ['pause', 'cancel'], 'is beginning'],
    ['uploading', ['pause', 'cancel'], 'is sending'],
    ['paused', ['resume', 'cancel'], 'can go on'],
    ['completing', [], 'is too late to stop'],
    ['succeeded', [], 'is done'],
    ['failed', ['retry'], 'may work the next time'],
    ['canceled', ['retry'], 'may have been a mistake'],
  ])('offers an upload that is %s %j, since it %s', (status, actions) => {
    const state = stateOf(status)
    expect(toRowView(state, HALF)).toMatchObject({ status, actions })
  })

  test('shows how far, how fast and how long while bytes are moving', () => {
    expect(toRowView({ status: 'uploading' }, HALF)).toMatchObject({
      words: 'Uploading',
      percent: 49,
      sentBytes: 5_000_000,
      totalBytes: 10_000_001,
      facts: [
        { label: 'Sent', value: '5 MB of 10 MB' },
        { label: 'Speed', value: '1 MB/s' },
        { label: 'Time left', value: '5 s' },
      ],
      problem: undefined,
    })
  })

  test('shows no speed and no time while nothing moves', () => {
    const values = toRowView({ status: 'paused', error: undefined }, HALF).facts.map(({ value }) => value)
    expect(values).toEqual(['5 MB of 10 MB', '–', '–'])
  })

  test('shows where a finished file is', () => {
    const facts = toRowView(SUCCEEDED, { ...HALF, sentBytes: 10_000_001 }).facts
    expect(facts.map(({ value }) => value)).toEqual(['m-1', 'sv/1/1.mp4', '11051210869376104954'])
  })

  test('shows an empty file as 0 % before, and as 100 % after', () => {
    expect(toRowView({ status: 'uploading' }, EMPTY).percent).toBe(0)
    expect(toRowView(SUCCEEDED, EMPTY).percent).toBe(100)
  })

  test('says what went wrong and what to do', () => {
    const error = new UploadError('NETWORK', 'PUT part 7 of 42 failed')
    expect(toRowView({ status: 'failed', error }, HALF).problem).toEqual({
      what: 'PUT part 7 of 42 failed',
      advice: 'Check your connection, then retry.',
    })
  })
})

test('toRowView() says why an upload paused by itself', () => {
  const error = new UploadError('CREDENTIALS_FAILED', 'No credentials for "a.mp4"')
  expect(toRowView({ status: 'paused', error }, HALF).problem).toEqual({
    what: 'No credentials for "a.mp4"',
    advice: 'Press Resume to ask again.',
  })
})

test('toCancelProblem() says what may be left', () => {
  expect(toCancelProblem(new Error('Offline')).what).toBe('Offline')
})

function stateOf(status: UploadState['status']): UploadState {
  if (status === 'succeeded') return SUCCEEDED
  if (status === 'failed') return { status, error: new UploadError('TIMEOUT', 'late') }
  if (status === 'paused') return { status, error: undefined }
  if (status === 'waiting') return { status, reason: 'locked' }
  return { status }
}
