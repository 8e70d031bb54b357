import { KIB, MIB, SLOW_FROM_FOURTH, SMALL } from './scenario.mjs'

/**
 * List, stop and start, and what becomes of it when the page ends.
 *
 * @type {readonly import('./scenario.mjs').Scenario[]}
 */
export const GOING_ON = [
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
    id: 'nothing',
    title: 'Start when all is uploaded',
    about: '50 KiB.',
    files: { 'a.mp4': SMALL },
    async play({ open, page, quiet }) {
      await open()
      await page('start()')
      await quiet()
      await page('start()')
    },
    intended: [],
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
]
