import { keyPrefix } from '../application.mjs'
import { MIB, SLOW_FROM_FOURTH, SMALL } from './scenario.mjs'

/**
 * Files that are canceled or deleted.
 *
 * @type {readonly import('./scenario.mjs').Scenario[]}
 */
export const TAKING_AWAY = [
  {
    id: 'cancel',
    title: 'Cancel in the middle',
    about: 'The first of two files, when three of eight parts were stored.',
    files: { 'a.mp4': 8 * MIB, 'b.mp4': SMALL },
    async play({ open, page, faults, parts }) {
      faults.order({ ...SLOW_FROM_FOURTH, keyPrefix: keyPrefix('a.mp4') })
      await open()
      await page('start()')
      await parts('a.mp4', 3)
      await page('cancel("a.mp4")')
    },
    intended: [
      {
        row: 'cancel',
        here: ['onUploadCanceled 0 Canceled', 'onUploadEnd'],
        sometimes: ['onUploadCanceled 0 Canceled', 'onUploadEnd'],
      },
    ],
  },
  {
    id: 'cancel-fast',
    title: 'Cancel in the middle, on a fast link',
    about: 'The first of two files, when three of 32 parts were stored.',
    files: { 'a.mp4': 32 * MIB, 'b.mp4': SMALL },
    async play({ open, page, parts }) {
      await open()
      await page('start()')
      await parts('a.mp4', 3)
      await page('cancel("a.mp4")')
    },
    intended: [
      {
        row: 'cancel',
        here: ['onUploadCanceled 0 Canceled', 'onUploadEnd'],
        sometimes: ['onUploadCanceled 0 Canceled', 'onUploadEnd'],
      },
    ],
  },
  {
    id: 'cancel-first-part',
    title: 'Cancel before the first part is stored',
    about: 'The first of two files, when its upload was opened and its first parts are being sent.',
    files: { 'a.mp4': 8 * MIB, 'b.mp4': SMALL },
    async play({ open, page, faults, heard }) {
      faults.order({ ...SLOW_FROM_FOURTH, attempt: 1, keyPrefix: keyPrefix('a.mp4') })
      await open()
      await page('start()')
      await heard('a.mp4', 'onUploadProgress')
      await page('cancel("a.mp4")')
    },
    intended: [
      {
        row: 'cancel',
        here: ['onUploadCanceled 0 Canceled', 'onUploadEnd'],
        sometimes: ['onUploadCanceled 0 Canceled', 'onUploadEnd'],
      },
    ],
  },
  {
    id: 'cancel-initiate',
    title: 'Cancel before the upload is opened',
    about: 'A single file, while InitiateMultipartUpload has not been answered.',
    files: { 'a.mp4': 8 * MIB },
    async play({ open, page, faults, opened }) {
      faults.order({ kind: 'delay', delayMs: 1000, when: 'answer', op: 'InitiateMultipartUpload' })
      await open()
      await page('start()')
      await opened('a.mp4')
      await page('cancel("a.mp4")')
    },
    intended: [
      { row: 'cancel', here: ['onUploadCanceled 0 Canceled'] },
      {
        row: 'cancel-early',
        incumbent: [
          'onUploadProgress 0 Canceled',
          'onUploadSucceed 0 Success',
          'listFiles: 0 Success',
          'stored: 0 whole',
          'CompleteMultipartUpload × 1',
        ],
        here: ['listFiles: 0 Canceled', 'stored: none', 'AbortMultipartUpload × 1'],
      },
    ],
  },
  {
    id: 'delete-waiting',
    title: 'Delete a file that waits',
    about: 'The second of three files, while the first is sent.',
    files: { 'a.mp4': 8 * MIB, 'b.mp4': SMALL, 'c.mp4': SMALL },
    async play({ open, page, faults, parts }) {
      faults.order(SLOW_FROM_FOURTH)
      await open()
      await page('start()')
      await parts('a.mp4', 3)
      faults.clear()
      await page('remove("b.mp4")')
    },
    intended: [],
  },
  {
    id: 'delete-done',
    title: 'Delete a file that is done, then stop',
    about: 'The first of two files, while the second is sent.',
    files: { 'a.mp4': SMALL, 'b.mp4': 8 * MIB },
    async play({ open, page, faults, parts }) {
      faults.order({ ...SLOW_FROM_FOURTH, keyPrefix: keyPrefix('b.mp4') })
      await open()
      await page('start()')
      await parts('b.mp4', 3)
      await page('remove("a.mp4")')
      await page('stop()')
    },
    intended: [
      {
        row: 'delete',
        incumbent: [
          'stopUpload: throws TypeError',
          'onUploadProgress 1 Uploading',
          'onUploadSucceed 1 Success',
          'listFiles: 1 Success',
          'stored: 0 whole, 1 whole',
          'left open: none',
          'CompleteMultipartUpload × 1',
        ],
        here: [
          'stopUpload',
          'onUploadCanceled 1 Stoped',
          'listFiles: 1 Stoped',
          'stored: 0 whole',
          'left open: an upload of 1',
        ],
      },
    ],
  },
]
