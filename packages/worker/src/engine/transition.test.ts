import { expect, test } from 'vitest'
import { UploadError } from '../protocol/errors.ts'
import type { UploadState, UploadStatus } from '../protocol/upload-state.ts'
import { transition } from './transition.ts'
import type { UploadEvent } from './transition.ts'

const result = {
  mediaId: undefined,
  bucket: 'bucket',
  key: 'key',
  sizeBytes: 1,
  crc64: '1',
  crc64Verified: true,
  etag: undefined,
  callback: undefined,
}
const error = new UploadError('NETWORK', 'no answer')

/** One that waits on the way is a row for each thing that it was at. */
type Row =
  | Exclude<UploadStatus, 'waiting'>
  | 'locked'
  | 'held preparing'
  | 'held uploading'
  | 'held completing'

const states: Record<Row, UploadState> = {
  queued: { status: 'queued' },
  preparing: { status: 'preparing' },
  uploading: { status: 'uploading' },
  locked: { status: 'waiting', reason: 'locked' },
  'held preparing': { status: 'waiting', reason: 'offline', during: 'preparing' },
  'held uploading': { status: 'waiting', reason: 'offline', during: 'uploading' },
  'held completing': { status: 'waiting', reason: 'offline', during: 'completing' },
  paused: { status: 'paused', error: undefined },
  completing: { status: 'completing' },
  succeeded: { status: 'succeeded', result },
  failed: { status: 'failed', error },
  canceled: { status: 'canceled' },
}
const events: Record<UploadEvent['type'], UploadEvent> = {
  start: { type: 'start' },
  wait: { type: 'wait' },
  prepare: { type: 'prepare' },
  send: { type: 'send' },
  complete: { type: 'complete' },
  hold: { type: 'hold', reason: 'backoff' },
  go: { type: 'go' },
  pause: { type: 'pause' },
  interrupt: { type: 'interrupt', error },
  resume: { type: 'resume' },
  cancel: { type: 'cancel' },
  succeed: { type: 'succeed', result },
  fail: { type: 'fail', error },
}

// The diagram of ARCHITECTURE.md, row by row; an empty cell leaves the state as it is.
const columns = [
  'start',
  'wait',
  'prepare',
  'send',
  'complete',
  'hold',
  'go',
  'pause',
  'interrupt',
  'resume',
  'cancel',
  'succeed',
  'fail',
] as const
const ends = 'paused||canceled|succeeded|failed'
const table: Record<Row, string> = {
  queued: `preparing|||||||paused|${ends}`,
  preparing: `|locked||uploading||held preparing||paused|${ends}`,
  locked: `||preparing|||||paused|${ends}`,
  uploading: `||preparing||completing|held uploading||paused|${ends}`,
  completing: `||preparing|||held completing|||${ends}`,
  'held preparing': `|locked||uploading||held preparing|preparing|paused|${ends}`,
  'held uploading': `||preparing||completing|held uploading|uploading|paused|${ends}`,
  'held completing': `||preparing|||held completing|completing||${ends}`,
  paused: '||||||||paused|queued|canceled|succeeded|failed',
  succeeded: '||||||||||||',
  failed: '||||||||||||',
  canceled: '||||||||||||',
}

function rowOf(state: UploadState): string {
  if (state.status !== 'waiting') return state.status
  return state.reason === 'locked' ? 'locked' : `held ${state.during}`
}

const rows = Object.entries(table).flatMap(([from, cells]) =>
  cells.split('|').map((to, index) => ({
    from: from as Row,
    event: columns[index] ?? 'start',
    to: to || from,
  })),
)

test.each(rows)('transition() of $from by $event is $to', ({ from, event, to }) => {
  expect(rowOf(transition(states[from], events[event]))).toBe(to)
})

test('transition() answers the very same state when nothing changes', () => {
  expect(transition(states.completing, events.pause)).toBe(states.completing)
  expect(transition(states['held uploading'], { type: 'hold', reason: 'offline' })).toBe(
    states['held uploading'],
  )
})

test('what an upload waits for may change while it waits', () => {
  expect(transition(states['held uploading'], events.hold)).toEqual({
    status: 'waiting',
    reason: 'backoff',
    during: 'uploading',
  })
})
