import { describe, expect, test } from 'vitest'
import { UploadError } from '@sluice/core'
import type { UploadProgress, UploadState } from '@sluice/core'
import { chinese } from '../words/chinese.ts'
import { english } from '../words/english.ts'
import { createFormat } from '../words/format.ts'
import { toRowView } from './row-view.ts'
import type { Moment, RowView } from './row-view.ts'

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

const format = createFormat('en')

function viewOf(state: UploadState, progress: UploadProgress, more: Partial<Moment> = {}): RowView {
  const moment = { state, progress, tookMs: undefined, cancelError: undefined, ...more }
  return toRowView(moment, english, format)
}

describe('toRowView()', () => {
  test.each<[UploadState['status'], readonly string[], string]>([
    ['queued', ['pause', 'cancel'], 'has not begun'],
    ['preparing', ['pause', 'cancel'], 'is beginning'],
    ['uploading', ['pause', 'cancel'], 'is sending'],
    ['paused', ['resume', 'cancel'], 'can go on'],
    ['completing', [], 'is too late to stop'],
    ['succeeded', ['remove'], 'is done'],
    ['failed', ['retry', 'remove'], 'may work the next time'],
    ['canceled', ['retry', 'remove'], 'may have been a mistake'],
  ])('offers an upload that is %s %j, since it %s', (status, actions) => {
    const state = stateOf(status)
    expect(viewOf(state, HALF)).toMatchObject({ status, actions })
  })

  test('shows how far, how fast and how long while bytes are moving', () => {
    expect(viewOf({ status: 'uploading' }, HALF)).toMatchObject({
      words: 'Uploading',
      percent: 49,
      sentBytes: 5_000_000,
      totalBytes: 10_000_001,
      facts: [
        { label: 'Sent', value: '5 MB of 10 MB' },
        { label: 'Speed', value: '1 MB/s' },
        { label: 'Time left', value: '5 sec' },
      ],
      problem: undefined,
    })
  })

  test('shows no speed and no time while nothing moves', () => {
    const values = viewOf({ status: 'paused', error: undefined }, HALF).facts.map(({ value }) => value)
    expect(values).toEqual(['5 MB of 10 MB', '–', '–'])
  })

  test('shows where a finished file is', () => {
    const { facts } = viewOf(SUCCEEDED, { ...HALF, sentBytes: 10_000_001 }, { tookMs: 61_000 })
    expect(facts.map(({ value }) => value)).toEqual([
      'm-1',
      'sv/1/1.mp4',
      '11051210869376104954',
      '1 min 1 sec',
    ])
  })

  test('shows an empty file as 0 % before, and as 100 % after', () => {
    expect(viewOf({ status: 'uploading' }, EMPTY).percent).toBe(0)
    expect(viewOf(SUCCEEDED, EMPTY).percent).toBe(100)
  })

  test('says what went wrong and what to do', () => {
    const error = new UploadError('NETWORK', 'PUT part 7 of 42 failed')
    expect(viewOf({ status: 'failed', error }, HALF).problem).toEqual({
      what: 'PUT part 7 of 42 failed',
      advice: 'Check your connection, then retry.',
    })
  })
})

test('toRowView() says why an upload paused by itself', () => {
  const error = new UploadError('CREDENTIALS_FAILED', 'No credentials for "a.mp4"')
  expect(viewOf({ status: 'paused', error }, HALF).problem).toEqual({
    what: 'No credentials for "a.mp4"',
    advice: 'Press Resume to ask again.',
  })
})

test('toRowView() says what a cancel may have left', () => {
  const cancelError = new Error('Offline')
  expect(viewOf({ status: 'canceled' }, HALF, { cancelError }).problem).toEqual({
    what: 'Offline',
    advice: 'VOD deletes parts that are left over after seven days.',
  })
})

test('toRowView() says in Chinese what went wrong, with the particulars as they came', () => {
  const error = new UploadError('NETWORK', 'PUT part 7 of 42 failed')
  const moment: Moment = {
    state: { status: 'failed', error },
    progress: HALF,
    tookMs: undefined,
    cancelError: undefined,
  }
  expect(toRowView(moment, chinese, createFormat('zh'))).toMatchObject({
    words: '失败',
    problem: { what: '网络错误（PUT part 7 of 42 failed）', advice: '请检查网络，然后重试。' },
  })
})

function stateOf(status: UploadState['status']): UploadState {
  if (status === 'succeeded') return SUCCEEDED
  if (status === 'failed') return { status, error: new UploadError('TIMEOUT', 'late') }
  if (status === 'paused') return { status, error: undefined }
  if (status === 'waiting') return { status, reason: 'locked' }
  return { status }
}
