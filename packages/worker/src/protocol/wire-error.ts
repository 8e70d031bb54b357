import { isServiceError, isUploadError, ServiceError, UploadError } from './errors.ts'
import type { ServiceAnswer, UploadErrorCode } from './errors.ts'

/**
 * An error as it crosses a thread: structured clone keeps neither class nor code. Comlink's own way of throwing
 * loses both as well, so calls across threads answer a {@link Settled} value and never throw on purpose.
 */
export type WireError =
  | WireUploadError
  | {
      readonly kind: 'other'
      readonly name: string
      readonly message: string
      readonly stack: string | undefined
    }

/** An {@link UploadError} as it crosses a thread. */
export type WireUploadError =
  | {
      readonly kind: 'upload'
      readonly code: UploadErrorCode
      readonly message: string
      readonly cause: WireError | undefined
    }
  | {
      readonly kind: 'service'
      readonly message: string
      readonly answer: ServiceAnswer
      readonly cause: WireError | undefined
    }

/** The outcome of a call across threads. */
export type Settled<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: WireError }

/** Causes are followed this deep; a longer chain tells nobody more. */
const MAX_CAUSES = 5

export function toWireError(error: UploadError): WireUploadError
export function toWireError(error: unknown, depth?: number): WireError
export function toWireError(error: unknown, depth = 0): WireError {
  if (!(error instanceof Error))
    return { kind: 'other', name: 'Error', message: String(error), stack: undefined }
  const hasCause = error.cause !== undefined && depth < MAX_CAUSES
  const cause = hasCause ? toWireError(error.cause, depth + 1) : undefined
  if (isServiceError(error)) {
    const { status, serviceCode, ec, requestId, serverTimeMs, retryAfterMs } = error
    const answer = { status, serviceCode, ec, requestId, serverTimeMs, retryAfterMs }
    return { kind: 'service', message: error.message, answer, cause }
  }
  if (isUploadError(error)) return { kind: 'upload', code: error.code, message: error.message, cause }
  return { kind: 'other', name: error.name, message: error.message, stack: error.stack }
}

export function fromWireError(wire: WireUploadError): UploadError
export function fromWireError(wire: WireError): Error
export function fromWireError(wire: WireError): Error {
  if (wire.kind === 'other') {
    const error = new Error(wire.message)
    error.name = wire.name
    if (wire.stack !== undefined) error.stack = wire.stack
    return error
  }
  const options = wire.cause && { cause: fromWireError(wire.cause) }
  if (wire.kind === 'service') return new ServiceError(wire.message, wire.answer, options)
  return new UploadError(wire.code, wire.message, options)
}

/** Makes any error an {@link UploadError}; one that is none already becomes `UNEXPECTED` with it as the cause. */
export function toUploadError(error: unknown): UploadError {
  if (isUploadError(error)) return error
  const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return new UploadError('UNEXPECTED', `An unexpected error stopped the upload (${words})`, { cause: error })
}

/** Runs a call on the side that answers, so that it never throws across the thread. */
export async function settle<T>(call: () => Promise<T> | T): Promise<Settled<T>> {
  try {
    return { ok: true, value: await call() }
  } catch (error) {
    return { ok: false, error: toWireError(error) }
  }
}

/** Takes the value out on the side that asked, or throws the error. */
export function unsettle<T>(settled: Settled<T>): T {
  if (settled.ok) return settled.value
  throw fromWireError(settled.error)
}
