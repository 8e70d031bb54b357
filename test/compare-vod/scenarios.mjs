import { keyPrefix } from './application.mjs'

const MIB = 1024 ** 2
const KIB = 1024
/** What both send with one PutObject. */
const SMALL = 50 * KIB

/**
 * @typedef {object} Scenario
 * @property {string} id
 * @property {string} title
 * @property {string} about what is done, for the reader of the tables
 * @property {Readonly<Record<string, number>>} files name to size in bytes, in the order of the list
 * @property {'adding too' | 'traces it leaves in the page'} [shows] left out: all but the calls of `addFile`
 * @property {(stage: import('./stage.mjs').Stage) => Promise<void>} play
 * @property {readonly import('./differences.mjs').Intended[]} intended
 */

/** A link on which parts take two seconds, but for the first three. */
const SLOW_FROM_FOURTH = /** @type {const} */ ({
  kind: 'bandwidth',
  op: 'UploadPart',
  bytesPerSecond: MIB / 2,
  attempt: 4,
  times: 'always',
})

/** @type {readonly Scenario[]} */
export const SCENARIOS = [
  {
    id: 'two-files',
    shows: 'adding too',
    title: 'Two files',
    about: '8 MiB and 300 KiB.',
    files: { 'a.mp4': 8 * MIB, 'b.mp4': 300 * KIB },
    async play({ open, page }) {
      await open()
      await page('start()')
    },
    intended: [
      {
        row: 'one-part',
        incumbent: ['CompleteMultipartUpload × 2', 'InitiateMultipartUpload × 2'],
        here: ['CompleteMultipartUpload × 1', 'InitiateMultipartUpload × 1', 'PutObject × 1'],
      },
    ],
  },
  {
    id: 'stop-start',
    title: 'Stop, then start',
    about: 'Stopped when three of eight parts were stored.',
    files: { 'a.mp4': 8 * MIB },
    async play({ open, page, faults, parts, quiet }) {
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
      { row: 'restart', incumbent: ['onUploadstarted 0 Ready: videoId'] },
      { row: 'in-flight', incumbent: ['parts stored more than once'] },
    ],
  },
  {
    id: 'stop-early',
    title: 'Stop before credentials have come, then start',
    about: 'The answer to CreateUploadVideo comes after the stop.',
    files: { 'a.mp4': 8 * MIB },
    async play({ open, page, answer, heard, quiet }) {
      answer({ isHeld: true })
      await open()
      await page('start()')
      await heard('a.mp4', 'onUploadstarted')
      await page('stop()')
      answer({})
      await quiet()
      await page('start()')
    },
    intended: [
      {
        row: 'stop-early',
        incumbent: ['stopUpload: throws TypeError', 'startUpload'],
        here: [
          'stopUpload',
          'onUploadCanceled 0 Stoped',
          'startUpload',
          'setUploadAuthAndAddress 0: false',
          'onUploadstarted 0 Ready: no videoId',
          'onUploadEnd',
        ],
      },
    ],
  },
  {
    id: 'stop-reload',
    title: 'Stop, reload of the page, the same file again',
    about: 'Stopped when three of eight parts were stored.',
    files: { 'a.mp4': 8 * MIB },
    async play({ open, page, faults, parts, quiet, reload }) {
      faults.order(SLOW_FROM_FOURTH)
      await open()
      await page('start()')
      await parts('a.mp4', 3)
      await page('stop()')
      await quiet()
      faults.clear()
      await reload()
      await page('start()')
    },
    intended: [
      { row: 'in-flight', incumbent: ['parts stored more than once'] },
      { row: 'resume', here: ['ListParts × 1'] },
    ],
  },
  {
    id: 'kill',
    title: 'The browser is killed, the same file again',
    about: 'SIGKILL when three of eight parts were stored; the same profile is opened again.',
    files: { 'a.mp4': 8 * MIB },
    async play({ open, page, faults, parts, kill }) {
      faults.order(SLOW_FROM_FOURTH)
      await open()
      await page('start()')
      await parts('a.mp4', 3)
      faults.clear()
      await kill()
      await page('start()')
    },
    intended: [
      {
        row: 'kill',
        incumbent: [
          'onUploadstarted 0 Ready: no videoId',
          'left open: an upload of 0',
          'InitiateMultipartUpload × 2',
          'parts stored more than once',
        ],
        here: ['onUploadstarted 0 Ready: videoId', 'left open: none', 'InitiateMultipartUpload × 1'],
      },
      { row: 'resume', here: ['ListParts × 1'] },
    ],
  },
  {
    id: 'purged',
    title: 'Stop, the service forgets the upload, start',
    about:
      'As after seven days, or when the video was deleted in the console. Started a second time at the end.',
    files: { 'a.mp4': 8 * MIB },
    async play({ open, page, faults, parts, quiet, purge }) {
      faults.order(SLOW_FROM_FOURTH)
      await open()
      await page('start()')
      await parts('a.mp4', 3)
      await page('stop()')
      await quiet()
      faults.clear()
      await purge('a.mp4')
      await page('start()')
      await quiet()
      await page('start()')
    },
    intended: [
      {
        row: 'purged',
        incumbent: [
          'onUploadstarted 0 Ready: videoId',
          'listFiles: 0 Failure',
          'stored: none',
          'InitiateMultipartUpload × 1',
        ],
        here: [
          'onUploadProgress 0 Uploading',
          'onUploadSucceed 0 Success',
          'onUploadEnd',
          'listFiles: 0 Success',
          'stored: 0 whole',
          'CompleteMultipartUpload × 1',
          'InitiateMultipartUpload × 2',
          'parts stored more than once',
        ],
      },
    ],
  },
  {
    id: 'expired',
    title: 'Credentials are refused as expired in the middle',
    about: 'The sixth part is answered with SecurityTokenExpired, earlier than credentials said.',
    files: { 'a.mp4': 8 * MIB },
    async play({ open, page, faults }) {
      faults.order({ kind: 'delay', delayMs: 500, op: 'UploadPart', partNumber: 6 })
      faults.order({ kind: 'expired-token', op: 'UploadPart', partNumber: 6 })
      await open()
      await page('start()')
    },
    intended: [
      {
        row: 'expiry',
        incumbent: ['onUploadTokenExpired 0 Failure'],
        here: ['onUploadTokenExpired 0 Uploading'],
      },
    ],
  },
  {
    id: 'expiring',
    title: 'Credentials end in the middle',
    about:
      'They are good for seven seconds, and the parts take two times five. Those after them are good for an hour.',
    files: { 'a.mp4': 8 * MIB },
    async play({ open, page, answer, faults, heard }) {
      faults.order({ kind: 'bandwidth', op: 'UploadPart', bytesPerSecond: 200 * KIB, times: 'always' })
      answer({ ttlSeconds: 7 })
      await open()
      await page('start()')
      await heard('a.mp4', 'setUploadAuthAndAddress')
      answer({})
      await heard('a.mp4', 'onUploadSucceed')
    },
    intended: [
      {
        row: 'expiry',
        incumbent: ['onUploadTokenExpired 0 Failure'],
        here: ['onUploadTokenExpired 0 Uploading'],
      },
    ],
  },
  {
    id: 'signature',
    title: 'The service refuses a signature',
    about: 'Once, with SignatureDoesNotMatch.',
    files: { 'a.mp4': 8 * MIB },
    async play({ open, page, faults }) {
      const refusal = { status: 403, code: 'SignatureDoesNotMatch' }
      faults.order({ kind: 'status', ...refusal, op: 'InitiateMultipartUpload' })
      await open()
      await page('start()')
    },
    intended: [
      {
        row: 'signature',
        incumbent: [
          'onUploadTokenExpired 0 Failure',
          'resumeUploadWithAuth 0: true',
          'onUploadProgress 0 Uploading',
          'onUploadSucceed 0 Success',
          'listFiles: 0 Success',
          'stored: 0 whole',
          'CompleteMultipartUpload × 1',
          'InitiateMultipartUpload × 1',
        ],
        here: ['onUploadFailed 0 Failure: SignatureDoesNotMatch', 'listFiles: 0 Failure', 'stored: none'],
      },
    ],
  },
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
    id: 'application-fails',
    title: "The application's own server fails",
    about: 'CreateUploadVideo is answered with 500; later the user stops and starts.',
    files: { 'a.mp4': 8 * MIB, 'b.mp4': SMALL },
    async play({ open, page, answer, quiet }) {
      answer({ isFailing: true })
      await open()
      await page('start()')
      await quiet()
      answer({})
      await page('start()')
      await quiet()
      await page('stop()')
      await page('start()')
    },
    intended: [
      {
        row: 'stop-early',
        incumbent: ['stopUpload: throws TypeError'],
        here: ['stopUpload', 'onUploadCanceled 0 Stoped'],
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
        row: 'argument',
        incumbent: [
          'second argument of onUploadCanceled: cancel',
          'second argument of onUploadTokenExpired: SecurityTokenExpiredError',
        ],
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
