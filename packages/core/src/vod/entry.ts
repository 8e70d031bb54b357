import type { GetCredentialsContext } from '../authorization-options.ts'
import type { Upload } from '../upload.ts'
import type { UploadAddress } from './authorization.ts'
import type { OpenApiError } from './open-api.ts'
import type { UploadInfo } from './upload-info.ts'

/** The engine needs credentials of a file, and the application is to give them. */
export interface Question {
  readonly reason: GetCredentialsContext['reason']
  /** Aborted when the answer is not needed any more. */
  readonly signal: AbortSignal
  readonly answer: (answer: unknown) => void
  readonly refuse: (error: Error) => void
  /** Whether a token of STS that had ended was the answer already. */
  readonly isRepeated: boolean
}

/** What the credentials of a file are for. */
export interface Grant {
  readonly place: UploadAddress
  /** Whether VOD has nothing to do with it: the place was given to `addFile()`. */
  readonly isDirect: boolean
}

/** A file of the list, and its upload once it has begun. */
export interface Entry {
  readonly info: UploadInfo
  upload: Upload | undefined
  /** The question that waits for an answer. */
  question: Question | undefined
  grant: Grant | undefined
  /** What the OpenAPI last refused, to be told if the file fails for it. */
  refusal: OpenApiError | undefined
}

/** Whether credentials that have ended are asked for, and not the first. */
export function asksForNewer({ reason, isRepeated }: Question): boolean {
  return reason === 'refresh' || isRepeated
}
