/** Longest name of a file or folder on the file systems in use (ext4, APFS, NTFS), in bytes or chars. */
const MAX_SEGMENT_BYTES = 255

/**
 * Whether a key can be a path below its bucket's folder as it stands. Keys that cannot are kept in an
 * internal file named by their hash.
 *
 * Unsafe: empty, `.` and `..` segments (so also a leading, trailing or double slash), control characters,
 * segments over 255 bytes, and on Windows what its file names cannot hold.
 */
export function isFileSafeKey(key: string, platform: NodeJS.Platform = process.platform): boolean {
  // eslint-disable-next-line no-control-regex -- a NUL ends a path, the others spoil terminals
  if (/[\u0000-\u001f\u007f]/.test(key)) return false
  if (platform === 'win32' && /[\\:*?"<>|]|[. ](\/|$)/.test(key)) return false
  return key
    .split('/')
    .every(
      (segment) =>
        segment !== '' &&
        segment !== '.' &&
        segment !== '..' &&
        Buffer.byteLength(segment, 'utf8') <= MAX_SEGMENT_BYTES,
    )
}
