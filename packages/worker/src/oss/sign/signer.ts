import type { SignableRequest } from '../oss-request.ts'

/** Secrets of one upload. They live in the engine's memory only. */
export interface Credentials {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  /** Present with temporary credentials. */
  readonly securityToken: string | undefined
}

/** Signs requests. The date is a parameter, so that the outcome can be compared with published vectors. */
export interface Signer {
  /** Answers all headers to send: those of the request, and those of the signature. */
  signHeaders(request: SignableRequest, date: Date): Promise<Record<string, string>>
}
