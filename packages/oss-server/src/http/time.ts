/** The three ways the service writes an instant. All take and give epoch milliseconds. */

/** `2019-03-30T13:18:53.000Z`, as in XML: whole seconds. */
export function toXmlTime(epochMs: number): string {
  return new Date(Math.floor(epochMs / 1000) * 1000).toISOString()
}

/** `Sat, 30 Mar 2019 13:18:53 GMT`, as in headers (RFC 1123). */
export function toHttpTime(epochMs: number): string {
  return new Date(epochMs).toUTCString()
}

/** `20190330T131853Z`, as in V4 signatures (ISO 8601 basic). */
export function toBasicTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/[-:]|\.\d{3}/g, '')
}

/** Reads RFC 1123, `undefined` when it is anything else. */
export function fromHttpTime(text: string): number | undefined {
  if (!/^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return undefined
  const epochMs = Date.parse(text)
  return Number.isNaN(epochMs) ? undefined : epochMs
}

/** Reads ISO 8601 basic, `undefined` when it is anything else. */
export function fromBasicTime(text: string): number | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second] = match
  const epochMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(epochMs) ? undefined : epochMs
}
