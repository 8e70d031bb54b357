/**
 * Keys as VOD makes them: `sv/b8cf180-1736f56d144/b8cf180-1736f56d144.mp4`, where the second number of the name is
 * the time.
 *
 * @param randomHex at least 7 hexadecimal digits
 */
export function videoKey(extension: string, nowMs: number, randomHex: string): string {
  const name = `${randomHex.slice(0, 7)}-${nowMs.toString(16)}`
  return `sv/${name}/${name}.${extension}`
}

/**
 * Keys as VOD makes them for images: `image/default/5E84CD536D8A4F4D-6-2.png`.
 *
 * @param randomHex at least 16 hexadecimal digits
 */
export function imageKey(extension: string, randomHex: string): string {
  return `image/default/${randomHex.slice(0, 16).toUpperCase()}-6-2.${extension}`
}
