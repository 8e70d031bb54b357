/** A refusal of the VOD OpenAPI. */
export class VodError extends Error {
  override readonly name = 'VodError'
  /** HTTP status. */
  readonly status: number
  /** The OpenAPI's `Code`, such as `InvalidVideo.NotFound`. */
  readonly code: string
  /** The OpenAPI's own request id, where it was the one that refused. */
  readonly requestId: string | undefined

  constructor(
    status: number,
    code: string,
    message: string,
    options?: ErrorOptions & { requestId?: string },
  ) {
    super(message, options)
    this.status = status
    this.code = code
    this.requestId = options?.requestId
  }
}

/** A parameter that the OpenAPI wants is not there. */
export function missingParameter(name: string): VodError {
  return new VodError(
    400,
    'MissingParameter',
    `The input parameter ${name} that is mandatory for processing this request is not supplied.`,
  )
}

/** A parameter that breaks a rule. */
export function invalidParameter(name: string, rule: string): VodError {
  return new VodError(
    400,
    'InvalidParameter',
    `The specified parameter ${name} is not valid: it must be ${rule}.`,
  )
}
