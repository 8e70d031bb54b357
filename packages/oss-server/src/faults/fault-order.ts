import type { OperationName } from '../operations/operation.ts'

/** Which requests an order is about. Fields left out fit every request. */
export interface FaultMatch {
  /** Operation, or several of them. Left out: all but preflights. */
  readonly op?: OperationName | readonly OperationName[]
  readonly bucket?: string
  /** The whole key. */
  readonly key?: string
  /** Beginning of the key. */
  readonly keyPrefix?: string
  /** 1 to 10000. */
  readonly partNumber?: number
  /** First matching request to be hit, from 1. @defaultValue 1 */
  readonly attempt?: number
  /**
   * Number of requests to be hit, from 1, or `'always'`.
   * @defaultValue 1; `'always'` when `probability` is given
   */
  readonly times?: number | 'always'
  /**
   * Whether `attempt` and `times` count all matching requests together, or each operation, bucket, key and part
   * number for itself: `each` with `attempt: 1` fails the first attempt of every part.
   * @defaultValue 'together'
   */
  readonly count?: 'together' | 'each'
  /**
   * Chance from 0 to 1 that a matching request is hit. The draw depends on the seed, the operation, the bucket,
   * the key, the part number and how often these were seen, not on the order in which parallel requests come.
   * @defaultValue 1
   */
  readonly probability?: number
  /** Seed of the draws, an integer from 0. @defaultValue 1 */
  readonly seed?: number
}

/** Answers with an error of the caller's making; nothing takes effect. */
export interface StatusFault {
  readonly kind: 'status'
  /** 300 to 599. */
  readonly status: number
  /** Error code of the service, e.g. `InternalError`. */
  readonly code: string
  /** @defaultValue the code */
  readonly message?: string
  /** Detail code. @defaultValue none */
  readonly ec?: string
  /** Additional headers, e.g. `{ 'retry-after': '1' }`. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Answers 503 with `x-oss-qos-delay-time`; nothing takes effect. */
export interface ThrottledFault {
  readonly kind: 'throttled'
  /** ms, 0 or more. */
  readonly qosDelayMs: number
  /** @defaultValue 'UploadTrafficRateLimitExceeded' */
  readonly code?: string
}

/** Refuses temporary credentials as stale, whatever their expiry. */
export interface ExpiredTokenFault {
  readonly kind: 'expired-token'
  /** The service uses all three for stale credentials. @defaultValue 'SecurityTokenExpired' */
  readonly code?: 'SecurityTokenExpired' | 'InvalidAccessKeyId' | 'InvalidSecurityToken'
}

/** Answers as if the server's clock were off: authentication, Date and ServerTime. */
export interface ClockSkewFault {
  readonly kind: 'clock-skew'
  /** ms added to the clock, any integer. Above 15 min either way a header signature is refused. */
  readonly offsetMs: number
}

/** Resets the connection; nothing takes effect. */
export interface ResetFault {
  readonly kind: 'reset'
  readonly when: 'before-body' | 'during-body' | 'after-body'
  /** For `during-body`: bytes to take first, 0 or more. @defaultValue half of Content-Length */
  readonly afterBytes?: number
}

/** Goes silent and keeps the connection; nothing takes effect. */
export interface StallFault {
  readonly kind: 'stall'
  /** `reading`: stops taking the body. `answering`: takes all of it and never answers. */
  readonly when: 'reading' | 'answering'
  /** For `reading`: bytes to take first, 0 or more. @defaultValue half of Content-Length */
  readonly afterBytes?: number
}

/**
 * Limits the speed of the body, and of the object in the answer of GetObject. When the order is taken back, what is under
 * way goes on without the limit.
 */
export interface BandwidthFault {
  readonly kind: 'bandwidth'
  /** 1 or more. */
  readonly bytesPerSecond: number
}

/** Waits. */
export interface DelayFault {
  readonly kind: 'delay'
  /** 0 or more. */
  readonly delayMs: number
  /** Before anything is done, or after the effect and before the answer. @defaultValue 'request' */
  readonly when?: 'request' | 'answer'
}

/** The effect happens, the answer never comes. */
export interface LostAnswerFault {
  readonly kind: 'lost-answer'
  /** How the connection ends: reset, closed, or silent and open. @defaultValue 'reset' */
  readonly ending?: 'reset' | 'close' | 'stall'
}

/** The effect happens, the answer is cut. */
export interface TruncatedAnswerFault {
  readonly kind: 'truncated-answer'
  /** Bytes of the body that are sent, 0 or more. */
  readonly keepBytes: number
  /**
   * `cut`: Content-Length announces more and the connection ends. `valid`: Content-Length fits what is sent, so
   * that only the content is broken. @defaultValue 'cut'
   */
  readonly http?: 'cut' | 'valid'
}

/** Answers with an HTML page, without the service's headers, as a proxy would. */
export interface HtmlAnswerFault {
  readonly kind: 'html-answer'
  /** 200 to 599. @defaultValue 502 */
  readonly status?: number
  /** Whether the request takes effect first. @defaultValue false */
  readonly effect?: boolean
}

/** The effect happens; the answer's ETag is not that of what was stored. */
export interface WrongEtagFault {
  readonly kind: 'wrong-etag'
}

/** The effect happens; the answer's CRC-64 is not that of what was stored. */
export interface WrongCrcFault {
  readonly kind: 'wrong-crc'
}

/** The effect happens; the answer lacks headers. */
export interface MissingHeadersFault {
  readonly kind: 'missing-headers'
  /** Names in any letter case, CORS headers included. */
  readonly headers: readonly string[]
}

/** The effect happens; the answer is 203 CallbackFailed, whether or not a callback was ordered. */
export interface CallbackFailedFault {
  readonly kind: 'callback-failed'
}

/** Turns one bit of the body over before it is digested and stored, as a broken line would. */
export interface CorruptBodyFault {
  readonly kind: 'corrupt-body'
}

/** What can be made to go wrong. */
export type Fault =
  | StatusFault
  | ThrottledFault
  | ExpiredTokenFault
  | ClockSkewFault
  | ResetFault
  | StallFault
  | BandwidthFault
  | DelayFault
  | LostAnswerFault
  | TruncatedAnswerFault
  | HtmlAnswerFault
  | WrongEtagFault
  | WrongCrcFault
  | MissingHeadersFault
  | CallbackFailedFault
  | CorruptBodyFault

/** Kinds of fault. */
export type FaultKind = Fault['kind']

/**
 * A fault and the requests that are to meet it.
 *
 * @example `{ kind: 'status', status: 500, code: 'InternalError', op: 'UploadPart', partNumber: 3, times: 2 }`
 */
export type FaultOrder = FaultMatch & Fault
