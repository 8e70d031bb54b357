import type { RefusalReason } from '../words/words.ts'

/** What the list takes. */
export interface Limits {
  /** Files in the list. */
  readonly count: number
  /** Bytes of one file. */
  readonly sizeBytes: number
  /** As of `<input accept>`: `.mp4`, `video/*`, `image/png`; none for any. */
  readonly types: readonly string[]
}

/** 10,000 files is what this page was tried with; 48.8 TB (10,000 parts of 5 GB) is OSS's largest multipart object. */
const DEFAULTS: Limits = { count: 10_000, sizeBytes: 10_000 * 5 * 1024 ** 3, types: [] }

/** Reads `?max-files=`, `?max-size=` (bytes) and `?accept=` of the page's URL; what is no limit is left at its default. */
export function readLimits(pageUrl: string): Limits {
  const query = new URL(pageUrl).searchParams
  const positive = (name: string): number | undefined => {
    const value = Number(query.get(name))
    return Number.isSafeInteger(value) && value > 0 ? value : undefined
  }
  return {
    count: positive('max-files') ?? DEFAULTS.count,
    sizeBytes: positive('max-size') ?? DEFAULTS.sizeBytes,
    types: (query.get('accept') ?? '')
      .split(',')
      .map((type) => type.trim().toLowerCase())
      .filter((type) => type !== ''),
  }
}

/**
 * Tells why a file cannot be added, if so.
 *
 * @param count files in the list already
 */
export function refusalOf(
  file: Pick<File, 'name' | 'size' | 'type'>,
  count: number,
  limits: Limits,
): RefusalReason | undefined {
  if (limits.types.length > 0 && !limits.types.some((type) => isOfType(file, type))) return 'type'
  if (file.size > limits.sizeBytes) return 'size'
  return count >= limits.count ? 'count' : undefined
}

function isOfType({ name, type }: Pick<File, 'name' | 'type'>, wanted: string): boolean {
  if (wanted.startsWith('.')) return name.toLowerCase().endsWith(wanted)
  if (wanted.endsWith('/*')) return type.toLowerCase().startsWith(wanted.slice(0, -1))
  return type.toLowerCase() === wanted
}
