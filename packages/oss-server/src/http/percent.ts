/** Percent-encoding as OSS signs it, and the strict way back. */

const encoder = new TextEncoder()
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const PERCENT_SIGN = 0x25

/** `encodeURIComponent` leaves these alone, OSS does not. */
const LEFT_ALONE = /[!'()*]/g

/**
 * Percent-encodes all but `A-Z a-z 0-9 - . _ ~`, byte by byte over UTF-8, with upper-case hex digits.
 *
 * @throws URIError when the text has a lone surrogate; text decoded by {@link decodePercent} has none
 */
export function encodePercent(text: string): string {
  return encodeURIComponent(text).replace(
    LEFT_ALONE,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** As {@link encodePercent}, but keeps `/`: the form of paths. */
export function encodePercentPath(text: string): string {
  return encodePercent(text).replaceAll('%2F', '/')
}

/**
 * Decodes percent-encoded UTF-8. `+` stays `+`.
 *
 * @returns the text, or `undefined` when an escape is malformed or the bytes are not UTF-8
 */
export function decodePercent(text: string): string | undefined {
  if (!text.includes('%')) return text
  const source = encoder.encode(text)
  const bytes = new Uint8Array(source.length)
  let length = 0
  for (let index = 0; index < source.length; index += 1) {
    let byte = source[index] ?? 0
    if (byte === PERCENT_SIGN) {
      const hex = String.fromCharCode(source[index + 1] ?? 0, source[index + 2] ?? 0)
      if (!/^[0-9a-fA-F]{2}$/.test(hex)) return undefined
      byte = Number.parseInt(hex, 16)
      index += 2
    }
    bytes[length] = byte
    length += 1
  }
  try {
    return strictDecoder.decode(bytes.subarray(0, length))
  } catch {
    return undefined
  }
}
