import type {
  CredentialsReason,
  PartStatus,
  RestartReason,
  UploadError,
  UploadErrorCode,
  UploaderWarning,
  UploadState,
  UploadStatus,
} from '@sluice/core'

type WaitingReason = Extract<UploadState, { status: 'waiting' }>['reason']

/** Why a file is not taken. */
export type RefusalReason = 'count' | 'size' | 'type'

/** What can be done with an upload. */
export type RowAction = 'pause' | 'resume' | 'cancel' | 'retry' | 'remove' | 'first' | 'last'

/** What is asked of another OSS. */
export type OtherOssField =
  | 'endpoint'
  | 'region'
  | 'bucket'
  | 'folder'
  | 'accessKeyId'
  | 'accessKeySecret'
  | 'securityToken'

/** Troubles that a person can make. */
export type TroubleKind =
  | 'expire-credentials'
  | 'drop-connections'
  | 'unavailable'
  | 'corrupt-answer'
  | 'slow-link'
  | 'offline'

/** All that the pages say, in one language. */
export interface Words {
  readonly page: {
    readonly tagline: string
    readonly uploader: string
    readonly benchmark: string
    readonly pages: string
    readonly skip: string
    /** Name of the language that the other button changes to. */
    readonly otherLanguage: string
  }
  readonly pick: {
    readonly files: string
    readonly folder: string
    readonly hint: string
    readonly limits: (count: string, size: string, types: string) => string
    readonly anyType: string
    readonly nothing: string
    readonly unreadable: (files: string) => string
    readonly refused: Readonly<Record<RefusalReason, (files: string, limit: string) => string>>
    readonly more: (count: number) => string
  }
  readonly status: Readonly<Record<Exclude<UploadStatus, 'waiting'>, string>>
  readonly waiting: Readonly<Record<WaitingReason, string>>
  readonly facts: {
    readonly sent: string
    readonly sentOf: (sent: string, total: string) => string
    readonly speed: string
    readonly timeLeft: string
    readonly mediaId: string
    readonly key: string
    readonly crc64: string
    readonly took: string
    readonly none: string
    readonly unknown: string
  }
  readonly actions: Readonly<Record<RowAction, string>>
  readonly queue: {
    readonly title: string
    readonly empty: string
    readonly progressOf: (name: string) => string
    readonly overall: string
    readonly counts: (done: number, all: number) => string
    readonly failed: (count: number) => string
    readonly timeLeft: (time: string) => string
    readonly pauseAll: string
    readonly resumeAll: string
    readonly cancelAll: string
    readonly retryAll: string
    readonly removeEnded: string
    readonly cancelAllQuestion: (count: number) => string
    readonly keep: string
    /** Of many uploads that ended together. */
    readonly ended: (succeeded: number, failed: number, other: number) => string
  }
  readonly resume: {
    readonly title: string
    readonly figures: (percent: string, size: string, age: string) => string
    readonly goOn: string
    readonly pick: string
    readonly pickHint: string
    readonly discard: string
    readonly discardQuestion: (name: string) => string
    readonly otherName: (picked: string, wanted: string) => string
    readonly otherSize: (picked: string, wanted: string) => string
    readonly otherTime: string
    readonly denied: (name: string) => string
  }
  readonly engine: {
    readonly title: string
    readonly idle: string
    readonly parts: string
    readonly partsOf: string
    readonly partStatus: Readonly<Record<PartStatus, string>>
    readonly part: (number: number, size: string, status: string, percent: string) => string
    readonly throughput: string
    readonly throughputNow: (speed: string) => string
    readonly connections: string
    readonly connection: (requests: number, bodies: number, most: number) => string
    readonly workers: string
    readonly worker: (number: number, bodies: number) => string
    readonly credentials: string
    readonly credentialsEnd: (time: string) => string
    readonly credentialsEnded: string
    readonly log: string
    readonly asks: Readonly<Record<CredentialsReason, string>>
    readonly retry: (attempt: number, message: string) => string
    readonly retryResume: string
    readonly restart: Readonly<Record<RestartReason, string>>
    readonly succeededIn: (time: string) => string
  }
  readonly trouble: {
    readonly title: string
    readonly hint: string
    /** Where there is no local OSS. */
    readonly none: string
    readonly make: Readonly<Record<TroubleKind, string>>
    readonly killWorker: string
    readonly made: (what: string) => string
    readonly ended: string
  }
  readonly bench: {
    readonly title: string
    readonly about: string
    readonly files: string
    readonly made: string
    readonly count: string
    readonly size: string
    readonly own: string
    readonly ownFiles: string
    readonly picked: (count: number) => string
    readonly ways: string
    /** By id, of ways whose own name is not of this language. */
    readonly wayNames: Readonly<Record<string, string>>
    readonly rounds: string
    readonly storage: string
    readonly ofService: string
    readonly other: string
    readonly fields: Readonly<Record<OtherOssField, string>>
    readonly run: string
    readonly stop: string
    readonly copy: string
    readonly making: string
    readonly turn: (round: number, rounds: number, way: string) => string
    readonly done: string
    readonly copied: string
    readonly noWay: string
    readonly noFiles: string
    readonly missing: (field: string) => string
    readonly left: string
    readonly results: string
    readonly speedChart: string
    readonly gapChart: string
    /** Of a chart, whose figures the table has. */
    readonly inTable: (chart: string) => string
    readonly caption: string
    readonly columns: Readonly<Record<'way' | 'speed' | 'ofCeiling' | 'gap' | 'blocked' | 'failed', string>>
    /** Before and behind the command. */
    readonly outside: readonly [string, string]
  }
  /** What happened. The library's own message, which is English, has the particulars. */
  readonly error: (error: Pick<UploadError, 'code' | 'message'>) => string
  readonly warning: (warning: Pick<UploaderWarning, 'code' | 'message'>) => string
  /** What a person can do about each error. */
  readonly advice: Readonly<Record<UploadErrorCode, string>>
  readonly adviceToResume: string
  readonly adviceOnLeftovers: string
}

/** A state in words. */
export function statusWords(words: Words, state: UploadState): string {
  return state.status === 'waiting' ? words.waiting[state.reason] : words.status[state.status]
}

/** A way to upload in words. */
export function wayWords(
  { bench }: Words,
  { id, name }: { readonly id: string; readonly name: string },
): string {
  return bench.wayNames[id] ?? name
}
