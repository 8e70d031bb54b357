/** A request for one page of names. */
export interface PageRequest {
  readonly prefix: string
  /** Names are grouped up to its first place behind the prefix. '' : no groups. */
  readonly delimiter: string
  /** Entries up to here are left out: a name, or a group as given by {@link Page.next}. */
  readonly marker: string
  /** Names and groups together. */
  readonly maxEntries: number
}

/** One page. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly commonPrefixes: readonly string[]
  readonly isTruncated: boolean
  /** Last entry of the page, to be the marker of the next one; '' when there is none. */
  readonly next: string
}

/**
 * Cuts one page out of a list.
 *
 * @param items in the order of their names, see {@link compareNames}
 * @param nameOf name of an item
 * @param isBehindMarker by default: the name is greater than the marker
 */
export function cutPage<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  { prefix, delimiter, marker, maxEntries }: PageRequest,
  isBehindMarker: (item: T) => boolean = (item) => compareNames(nameOf(item), marker) > 0,
): Page<T> {
  const kept: T[] = []
  const commonPrefixes: string[] = []
  let next = ''
  for (const item of items) {
    const name = nameOf(item)
    if (!name.startsWith(prefix) || !isBehindMarker(item)) continue
    const group = groupOf(name, prefix, delimiter)
    // A page that ended with this group has told all of it.
    if (group !== undefined && (group === marker || group === commonPrefixes.at(-1))) continue
    if (kept.length + commonPrefixes.length === maxEntries) {
      return { items: kept, commonPrefixes, isTruncated: true, next }
    }
    if (group === undefined) kept.push(item)
    else commonPrefixes.push(group)
    next = group ?? name
  }
  return { items: kept, commonPrefixes, isTruncated: false, next }
}

function groupOf(name: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined
  const index = name.indexOf(delimiter, prefix.length)
  return index < 0 ? undefined : name.slice(0, index + delimiter.length)
}

/** The service's order: by bytes of UTF-8, which differs from JavaScript's beyond U+FFFF. */
export function compareNames(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'))
}
