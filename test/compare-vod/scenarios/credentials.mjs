import { KIB, MIB, SMALL } from './scenario.mjs'

/**
 * Credentials that end, or are refused, or do not come.
 *
 * @type {readonly import('./scenario.mjs').Scenario[]}
 */
export const CREDENTIALS = [
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
]
