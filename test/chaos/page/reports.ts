import type { UploadResult } from '@sluice/core'

/** How an upload ended, or what else happened in the page. */
export type Report = { readonly atMs: number } & (
  | { readonly type: 'succeeded'; readonly life: number; readonly result: UploadResult }
  | { readonly type: 'failed'; readonly life: number; readonly error: ErrorReport }
  | { readonly type: 'canceled'; readonly life: number }
  | { readonly type: 'paused'; readonly life: number }
  | { readonly type: 'cancel-called'; readonly life: number }
  /** Something may be left on the server, says `cancel()`. */
  | { readonly type: 'cancel-failed'; readonly life: number; readonly error: ErrorReport }
  /** An error that nobody caught. */
  | { readonly type: 'stray'; readonly words: string }
)

export interface ErrorReport {
  readonly name: string
  readonly code: string
  readonly message: string
  readonly status: number | undefined
  readonly serviceCode: string | undefined
  readonly requestId: string | undefined
  readonly cause: string | undefined
}

/** A report without its time. */
type News = Report extends infer R ? (R extends Report ? Omit<R, 'atMs'> : never) : never

const reports: Report[] = []

export function report(news: News): void {
  reports.push({ ...news, atMs: Date.now() })
}

/** Gives what was reported since the last time. */
export function takeReports(): readonly Report[] {
  return reports.splice(0)
}

/** Reports what nobody catches, in the page and in the workers. */
export function reportStrays(): void {
  const stray = (words: string): void => {
    if (!words.includes('chaos: this worker dies')) report({ type: 'stray', words })
  }
  addEventListener('error', ({ message }) => stray(message))
  addEventListener('unhandledrejection', ({ reason }) => stray(`In the page: ${String(reason)}`))
  const workers = new BroadcastChannel('chaos:strays')
  workers.addEventListener('message', ({ data }: MessageEvent<string>) => stray(data))
}
