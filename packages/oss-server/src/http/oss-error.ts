import { renderXml } from './xml.ts'

/** What an {@link OssError} carries besides status, code and message. */
export interface OssErrorDetails {
  /** Detail code, e.g. `0042-00000203`. Left out: the answer has no EC. */
  readonly ec?: string
  /** Elements that only this code has, in order. */
  readonly fields?: readonly (readonly [name: string, value: string])[]
  /** Additional response headers, lower-case names. */
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/** A failure in the service's own terms: thrown by operations, rendered at the edge. */
export class OssError extends Error {
  override readonly name: string = 'OssError'
  readonly status: number
  readonly code: string
  readonly ec: string | undefined
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: string, message: string, details: OssErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.status = status
    this.code = code
    this.ec = details.ec
    this.fields = details.fields ?? []
    this.headers = details.headers ?? {}
  }
}

/** The error XML of an answer. */
export function renderError(
  error: OssError,
  details: { readonly requestId: string; readonly hostId: string; readonly hasDetailCodes: boolean },
): string {
  const ec: readonly (readonly [string, string])[] =
    error.ec === undefined || !details.hasDetailCodes
      ? []
      : [
          ['EC', error.ec],
          ['RecommendDoc', `https://api.aliyun.com/troubleshoot?q=${error.ec}`],
        ]
  return renderXml([
    'Error',
    [
      ['Code', error.code],
      ['Message', error.message],
      ['RequestId', details.requestId],
      ['HostId', details.hostId],
      ...error.fields,
      ...ec,
    ],
  ])
}
