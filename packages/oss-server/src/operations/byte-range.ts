/** Bytes `start` (inclusive) to `end` (exclusive). */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** What a Range header asks for. */
export type RangeResult =
  | { readonly kind: 'whole' }
  | { readonly kind: 'range'; readonly range: ByteRange }
  /** Well-formed, but begins behind the end. */
  | { readonly kind: 'unsatisfiable' }

/**
 * Reads `bytes=a-b`, `bytes=a-` or `bytes=-n`. Anything else, several ranges included, counts as no range.
 *
 * @param header the header, `undefined` when there is none
 * @param sizeBytes size of the object
 */
export function parseByteRange(header: string | undefined, sizeBytes: number): RangeResult {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '')
  const [, first = '', last = ''] = match ?? []
  if (first === '' && last === '') return { kind: 'whole' }
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes)
    if (length === 0) return { kind: 'unsatisfiable' }
    return { kind: 'range', range: { start: sizeBytes - length, end: sizeBytes } }
  }
  const start = Number(first)
  if (last !== '' && Number(last) < start) return { kind: 'whole' }
  if (start >= sizeBytes) return { kind: 'unsatisfiable' }
  const end = last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes)
  return { kind: 'range', range: { start, end } }
}
