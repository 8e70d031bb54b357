/**
 * Percent-encodes all but `A-Z a-z 0-9 - . _ ~`, over UTF-8, upper case, as signature V4 wants it.
 * `encodeURIComponent` leaves `! ' ( ) *` alone besides.
 */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Percent-encodes a key and keeps its slashes, as the canonical path of signature V4 wants it. */
export function percentEncodePath(key: string): string {
  return percentEncode(key).replaceAll('%2F', '/')
}
