import { keyPrefix } from '../application.mjs'
import { MIB, SLOW_FROM_FOURTH, SMALL } from './scenario.mjs'

/**
 * Files that fail, and what else differs.
 *
 * @type {readonly import('./scenario.mjs').Scenario[]}
 */
export const FAILING = [
  {
    id: 'denied',
    title: 'The last file is refused',
    about: 'The second of two files meets 403 AccessDenied, always.',
    files: { 'a.mp4': SMALL, 'b.mp4': 8 * MIB },
    async play({ open, page, faults }) {
      const refusal = { status: 403, code: 'AccessDenied', keyPrefix: keyPrefix('b.mp4') }
      faults.order({ kind: 'status', ...refusal, times: 'always' })
      await open()
      await page('start()')
    },
    intended: [{ row: 'end', here: ['onUploadEnd'] }],
  },
  {
    id: 'unavailable',
    title: 'A part of the last file meets 503',
    about: 'Once, the second part.',
    files: { 'a.mp4': 8 * MIB },
    async play({ open, page, faults }) {
      faults.order({ kind: 'delay', delayMs: 500, op: 'UploadPart', partNumber: 2 })
      faults.order({
        kind: 'status',
        status: 503,
        code: 'ServiceUnavailable',
        op: 'UploadPart',
        partNumber: 2,
      })
      await open()
      await page('start()')
    },
    intended: [
      {
        row: 'attempts',
        incumbent: [
          'onUploadFailed 0 Failure: ServiceUnavailable',
          'listFiles: 0 Failure',
          'stored: none',
          'left open: an upload of 0',
        ],
        here: [
          'onUploadSucceed 0 Success',
          'onUploadEnd',
          'listFiles: 0 Success',
          'stored: 0 whole',
          'left open: none',
          'CompleteMultipartUpload × 1',
        ],
      },
    ],
  },
  {
    id: 'empty',
    shows: 'adding too',
    title: 'An empty file',
    about: 'The first of two.',
    files: { 'a.mp4': 0, 'b.mp4': SMALL },
    async play({ open, page }) {
      await open()
      await page('start()')
    },
    intended: [
      {
        row: 'empty',
        incumbent: [
          'addFile 0: true',
          'onUploadFailed 0: EmptyFile',
          'addFileSuccess 0 Ready',
          'onUploadstarted 0 Ready: no videoId',
          'onUploadProgress 0 Uploading',
          'onUploadSucceed 0 Success',
          'listFiles: 0 Success, 1 Success',
          'stored: 0 whole, 1 whole',
          'PutObject × 2',
        ],
        here: [
          'addFile 0: false',
          'onUploadFailed 0 Failure: EmptyFile',
          'listFiles: 1 Success',
          'stored: 1 whole',
          'PutObject × 1',
        ],
      },
    ],
  },
  {
    id: 'images',
    shows: 'adding too',
    title: 'What is an image',
    about: 'Files are only put on the list.',
    files: { 'a.png': 10, 'b.JPEG': 10, 'c.gif': 10, 'xjpgy.mp4': 10 },
    play: ({ open }) => open(),
    intended: [
      {
        row: 'image',
        incumbent: ['addFileSuccess 2 Ready', 'addFileSuccess 3 Ready: isImage'],
        here: ['addFileSuccess 2 Ready: isImage', 'addFileSuccess 3 Ready'],
      },
    ],
  },
  {
    id: 'aside',
    title: 'Beside the callbacks',
    about: 'Credentials are refused as expired once, then the list is stopped and started.',
    files: { 'a.mp4': 8 * MIB },
    shows: 'traces it leaves in the page',
    async play({ open, page, faults, parts, quiet }) {
      faults.order({ kind: 'expired-token', op: 'InitiateMultipartUpload' })
      faults.order(SLOW_FROM_FOURTH)
      await open()
      await page('start()')
      await parts('a.mp4', 3)
      await page('stop()')
      await quiet()
      faults.clear()
      await page('start()')
    },
    intended: [
      {
        row: 'answer',
        incumbent: ['setUploadAuthAndAddress answers undefined'],
        here: ['setUploadAuthAndAddress answers true'],
      },
      {
        row: 'unload',
        incumbent: ['window.onbeforeunload is replaced'],
        here: ['window.onbeforeunload is left alone'],
      },
      {
        row: 'reports',
        incumbent: ['cookies: p_h5_upload_u', 'requests to others: videocloud.cn-hangzhou.log.aliyuncs.com'],
        here: ['cookies: none', 'requests to others: none'],
      },
    ],
  },
]
