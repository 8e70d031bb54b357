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
}
const error = new UploadError('NETWORK', 'no answer')

const states: Record<UploadStatus, UploadState> = {
  queued: { status: 'queued' },
  preparing: { status: 'preparing' },
  uploading: { status: 'uploading' },
  waiting: { status: 'waiting', reason: 'locked' },
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
  'pause',
  'interrupt',
  'resume',
  'cancel',
  'succeed',
  'fail',
] as const
const end = ['', '', '', '', '', '', '', '', '', '', ''] as const
const table: Record<UploadStatus, readonly (UploadStatus | '')[]> = {
  queued: ['preparing', '', '', '', '', 'paused', 'paused', '', 'canceled', 'succeeded', 'failed'],
  preparing: ['', 'waiting', '', 'uploading', '', 'paused', 'paused', '', 'canceled', 'succeeded', 'failed'],
  waiting: ['', '', 'preparing', '', '', 'paused', 'paused', '', 'canceled', 'succeeded', 'failed'],
  uploading: [
    '',
    '',
    'preparing',
    '',
    'completing',
    'paused',
    'paused',
    '',
    'canceled',
    'succeeded',
    'failed',
  ],
  paused: ['', '', '', '', '', '', 'paused', 'queued', 'canceled', 'succeeded', 'failed'],
  completing: ['', '', 'preparing', '', '', '', 'paused', '', 'canceled', 'succeeded', 'failed'],
  succeeded: end,
  failed: end,
  canceled: end,
}

const rows = Object.entries(table).flatMap(([from, cells]) =>
  columns.map((event, index) => ({
    from: from as UploadStatus,
    event,
    to: cells[index] || (from as UploadStatus),
  })),
)

test.each(rows)('transition() of $from by $event is $to', ({ from, event, to }) => {
  expect(transition(states[from], events[event]).status).toBe(to)
})

test('transition() answers the very same state when nothing changes', () => {
  expect(transition(states.completing, events.pause)).toBe(states.completing)
})
