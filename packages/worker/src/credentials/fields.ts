import { UploadError } from '../protocol/errors.ts'

/** Fields of an application's answer, by their names with a lower-case first letter. */
export type Fields = ReadonlyMap<string, unknown>

/** @param rule what the value has to be, for the message */
export function fieldsOf(value: unknown, rule: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(
      `${rule}, got ${value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value}`,
    )
  }
  return new Map(
    Object.entries(value).map(([name, field]) => [name.charAt(0).toLowerCase() + name.slice(1), field]),
  )
}

export function text(fields: Fields, name: string): string {
  const value = optionalText(fields, name)
  if (value === undefined) throw invalid(`${name} is missing`)
  return value
}

export function optionalText(fields: Fields, name: string): string | undefined {
  const value = fields.get(name)
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw invalid(`${name} must be a text, got ${typeof value}`)
  return value
}

/** A browser that refuses a header quotes its value in the error, which must not happen to a secret. */
export function headerText<T extends string | undefined>(name: string, value: T): T {
  if (value !== undefined && !/^[\x21-\x7e]+$/.test(value))
    throw invalid(`${name} must be printable ASCII without blanks`)
  return value
}

/** The JSON object in a Base64 text. */
export function decodeFields(name: string, base64: string): Fields {
  const json = fromBase64(base64)
  if (json === undefined) throw invalid(`${name} is not Base64 (${base64.length} characters)`)
  try {
    return fieldsOf(JSON.parse(json), `${name} must hold an object`)
  } catch (error) {
    // The parser's own message quotes the text, which may be a secret: it is not passed on.
    if (error instanceof SyntaxError) throw invalid(`${name} is Base64, but not of JSON`)
    throw error
  }
}

function fromBase64(base64: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(base64.trim()), (char) => char.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** @param words never with a value that could be a secret */
export function invalid(words: string): UploadError {
  return new UploadError('CREDENTIALS_INVALID', `Credentials: ${words}`)
}
