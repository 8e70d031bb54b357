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
  /** Answers all query items to send, so that the URL alone carries the signature. */
  signQuery(request: SignableRequest, date: Date, expiresInSeconds: number): Promise<Record<string, string>>
  /** Answers the signature of a PostObject policy, given as Base64 text. */
  signPolicy(policyBase64: string, date: Date): Promise<string>
}
