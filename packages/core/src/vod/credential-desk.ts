import type { GetCredentialsContext } from '../authorization-options.ts'
import { directPlaceOf, encodeAuth, placeOf, readAddress, regionOf, toAnswer } from './authorization.ts'
import type { StsToken } from './authorization.ts'
import { asksForNewer } from './entry.ts'
import type { Entry, Grant, Question } from './entry.ts'
import { callOpenApi, OpenApiError, toOperation } from './open-api.ts'
import type { OpenApiEffects, OperationAnswer } from './open-api.ts'
import type { Tell } from './tell.ts'
import { mediaKind } from './upload-info.ts'
import { EXPIRED } from './vod-options.ts'
import type { VodOptions } from './vod-options.ts'

/** The OpenAPI's words for a token of STS that has ended. (VOD documentation, "Error codes" and those of STS) */
const ENDED_TOKEN: ReadonlySet<string> = new Set(['InvalidSecurityToken.Expired', 'SecurityTokenExpired'])

/** Where the engine's questions for credentials wait until the application answers them, by one method or another. */
export class CredentialDesk {
  readonly #options: VodOptions
  readonly #tell: Tell
  readonly #effects: OpenApiEffects
  /** Answers where the application has no callback for it. */
  #ownToken: StsToken | undefined

  constructor(options: VodOptions, tell: Tell, effects: OpenApiEffects) {
    this.#options = options
    this.#tell = tell
    this.#effects = effects
  }

  setOwnToken(token: StsToken | undefined): void {
    this.#ownToken = token
  }

  /** The engine asks. */
  ask(entry: Entry, { reason, mediaId, signal }: GetCredentialsContext): Promise<unknown> {
    const { info } = entry
    info.videoId = mediaKind(info) === 'video' ? (mediaId ?? info.videoId) : undefined
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      this.#put(entry, { reason, signal, answer: resolve, refuse: reject, isRepeated: false })
    })
  }

  /** Answers the question of a file, if it has one. */
  answer(entry: Entry, auth: string, grant: Grant): boolean {
    const { info, question } = entry
    if (question === undefined) return false
    entry.question = undefined
    entry.grant = grant
    info.endpoint = grant.place.Endpoint
    info.bucket = grant.place.Bucket
    info.object = grant.place.FileName
    info.region = regionOf(auth) ?? info.region
    info.state = 'Uploading'
    question.answer({ ...toAnswer(info, auth, grant.place), cname: this.#options.cname === true })
    return true
  }

  /** Has VOD answer the question of a file. */
  askVod(entry: Entry, token: StsToken): boolean {
    const { info, question } = entry
    if (question === undefined) return false
    // Until VOD has answered nothing else does.
    entry.question = undefined
    entry.refusal = undefined
    const endpoint = this.#options.vodEndpoint ?? `https://vod.${info.region}.aliyuncs.com/`
    callOpenApi(endpoint, toOperation(info), token, this.#effects, question.signal).then(
      (answer) => {
        if (!question.signal.aborted) this.#pass(entry, question, answer)
      },
      (error: unknown) => {
        if (!question.signal.aborted) this.#refuse(entry, question, toError(error))
      },
    )
    return true
  }

  #put(entry: Entry, question: Question): void {
    entry.question = question
    const { info } = entry
    const { onUploadstarted, onUploadTokenExpired } = this.#options
    const isExpired = asksForNewer(question)
    if ((isExpired ? onUploadTokenExpired : onUploadstarted) === undefined) return this.#answerByItself(entry)
    this.#tell(
      (on) => (isExpired ? on.onUploadTokenExpired?.(info, EXPIRED) : on.onUploadstarted?.(info)),
      // Who has failed gives no answer any more.
      question.refuse,
    )
  }

  #answerByItself(entry: Entry): void {
    const token = this.#ownToken
    const place = directPlaceOf(entry.info)
    if (token === undefined) {
      const words = 'nobody gives any: set onUploadstarted and onUploadTokenExpired, or call init().'
      entry.question?.refuse(new Error(words))
    } else if (place !== undefined) {
      this.answer(entry, encodeAuth(token, entry.info.region), { place, isDirect: true })
    } else {
      this.askVod(entry, token)
    }
  }

  #pass(entry: Entry, question: Question, { uploadAuth, uploadAddress, mediaId }: OperationAnswer): void {
    const address = readAddress(uploadAddress)
    if (address === undefined)
      return question.refuse(new Error('the UploadAddress of VOD cannot be decoded.'))
    entry.question = question
    entry.info.videoId = mediaId ?? entry.info.videoId
    this.answer(entry, uploadAuth, { place: placeOf(entry.info, address), isDirect: false })
  }

  #refuse(entry: Entry, question: Question, error: Error): void {
    if (error instanceof OpenApiError) {
      // Once: an application that gives the same token again would be asked for ever.
      if (ENDED_TOKEN.has(error.code) && !question.isRepeated)
        return this.#put(entry, { ...question, isRepeated: true })
      if (error.code === 'InvalidVideo.NotFound' && question.reason !== 'refresh') {
        // Deleted in the console, say: the upload begins anew as another.
        entry.info.videoId = undefined
        return this.#put(entry, question)
      }
      entry.refusal = error
    }
    question.refuse(error)
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
