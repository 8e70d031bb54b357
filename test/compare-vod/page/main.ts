import type { UploadInfo, Vod } from '@sluice/core/vod'
import { SDKS } from './sdks.ts'

/** Something that happened, as the page saw it. */
export interface Step {
  /** Callback, or call of a method. */
  readonly what: string
  /** Name of the file that it was about. */
  readonly file?: string
  readonly state?: string
  /** What else there is to note: an argument, an answer, an error. */
  readonly note?: string
  /** Of progress, 0 to 1. */
  readonly ratio?: number
  /** A callback's further argument that the documentation does not have. */
  readonly extra?: string
}

/** What the page is asked for at the end of its life. */
export interface PageReport {
  readonly steps: readonly Step[]
  /** Name and state of the files of the list. */
  readonly list: readonly (readonly [name: string, state: string])[]
  /** Requests to other machines that were tried. */
  readonly strangers: readonly string[]
  readonly cookies: readonly string[]
  readonly isBeforeUnloadTaken: boolean
}

/** What CreateUploadVideo and RefreshUploadVideo answer. */
interface Authorization {
  readonly VideoId: string
  readonly UploadAuth: string
  readonly UploadAddress: string
}

const steps: Step[] = []
const strangers: string[] = []
new PerformanceObserver((entries) => {
  for (const { name } of entries.getEntries())
    if (!/^(localhost|127\.0\.0\.1|.*\.localhost)$/.test(new URL(name).hostname)) strangers.push(name)
}).observe({ type: 'resource', buffered: true })
addEventListener('error', ({ message }) => steps.push({ what: 'error', note: message }))
addEventListener('unhandledrejection', ({ reason }) =>
  steps.push({ what: 'unhandled rejection', note: String(reason) }),
)

const tell = (what: string, info: UploadInfo, more: Omit<Step, 'what' | 'file' | 'state'> = {}): void =>
  void steps.push({ what, file: info.file.name, state: info.state, ...more })

/** Asks the application's server. The answer undefined: it failed, and the page shows a message. */
async function authorize(operation: string, body: object): Promise<Authorization | undefined> {
  const response = await fetch(operation, { method: 'POST', body: JSON.stringify(body) })
  steps.push({ what: operation, note: response.ok ? 'answered' : 'failed' })
  return response.ok ? ((await response.json()) as Authorization) : undefined
}

/** Calls a method, and notes what it answers or throws. */
function call(what: string, file: string | undefined, method: () => unknown): void {
  // First the call, then the callbacks that come before it returns.
  const at = steps.push({ what }) - 1
  const about = file === undefined ? { what } : { what, file }
  try {
    const answer = method()
    steps[at] = answer === undefined ? about : { ...about, note: JSON.stringify(answer) }
  } catch (error) {
    steps[at] = { ...about, note: `throws ${error instanceof Error ? error.name : String(error)}` }
  }
}

const furtherArgument = (argument: unknown): { readonly extra?: string } =>
  argument === undefined ? {} : { extra: (argument as { readonly name?: string }).name ?? typeof argument }

const [, sdk = ''] = location.pathname.split('/')
const { Vod: VodClass } = (await SDKS[sdk]?.()) ?? {}
if (VodClass === undefined) throw new Error(`There is no ${sdk}`)

// From here on: the code of VOD's documentation.
const uploader: Vod = new VodClass({
  timeout: 60_000,
  partSize: 1_048_576,
  parallel: 5,
  retryCount: 3,
  retryDuration: 2,
  region: 'cn-hangzhou',
  userId: '122',
  addFileSuccess(info) {
    tell('addFileSuccess', info, info.isImage ? { note: 'isImage' } : {})
  },
  onUploadstarted(info) {
    tell('onUploadstarted', info, { note: info.videoId === undefined ? 'no videoId' : 'videoId' })
    const { videoId } = info
    void (
      videoId === undefined
        ? authorize('CreateUploadVideo', { name: info.file.name })
        : authorize('RefreshUploadVideo', { videoId })
    ).then((answer) => {
      if (answer === undefined) return
      call('setUploadAuthAndAddress', info.file.name, () =>
        uploader.setUploadAuthAndAddress(info, answer.UploadAuth, answer.UploadAddress, answer.VideoId),
      )
    })
  },
  onUploadSucceed: (info) => tell('onUploadSucceed', info),
  onUploadFailed: (info, code) => tell('onUploadFailed', info, { note: code }),
  onUploadCanceled: (info, ...more: readonly unknown[]) =>
    tell('onUploadCanceled', info, furtherArgument(more[0])),
  onUploadProgress: (info, _, ratio) => tell('onUploadProgress', info, { ratio }),
  onUploadTokenExpired(info, ...more: readonly unknown[]) {
    tell('onUploadTokenExpired', info, furtherArgument(more[0]))
    void authorize('RefreshUploadVideo', { videoId: info.videoId }).then((answer) => {
      if (answer === undefined) return
      call('resumeUploadWithAuth', info.file.name, () => uploader.resumeUploadWithAuth(answer.UploadAuth))
    })
  },
  onUploadEnd: () => void steps.push({ what: 'onUploadEnd' }),
})

const names = (): readonly string[] => uploader.listFiles().map(({ file }) => file.name)

const page = {
  /** Adds the files that were picked. */
  add() {
    for (const file of document.querySelector('input')?.files ?? [])
      call('addFile', file.name, () => uploader.addFile(file, null, null, null, '{"Vod":{}}'))
  },
  start: () => call('startUpload', undefined, () => uploader.startUpload()),
  stop: () => call('stopUpload', undefined, () => uploader.stopUpload()),
  cancel: (name: string) => call('cancelFile', name, () => uploader.cancelFile(names().indexOf(name))),
  remove: (name: string) => call('deleteFile', name, () => uploader.deleteFile(names().indexOf(name))),
  /** How much of a file the callbacks have told, 0 to 1. */
  told: (name: string) => Math.max(0, ...steps.map(({ file, ratio }) => (file === name ? (ratio ?? 0) : 0))),
  has: (what: string, file?: string) =>
    steps.some((step) => step.what === what && (file === undefined || step.file === file)),
  count: () => steps.length,
  report: (): PageReport => ({
    steps,
    list: uploader.listFiles().map(({ file, state }) => [file.name, state]),
    strangers,
    cookies: document.cookie
      .split('; ')
      .filter(Boolean)
      .map((cookie) => cookie.replace(/=.*/, '')),
    isBeforeUnloadTaken: window.onbeforeunload !== null,
  }),
}
Object.assign(globalThis, { page })
