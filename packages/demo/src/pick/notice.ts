import type { Limits } from '../queue/limits.ts'
import type { Refusal } from '../queue/queue.ts'
import type { Format } from '../words/format.ts'
import type { RefusalReason, Words } from '../words/words.ts'

/** More names than this are counted. */
const MOST_NAMES = 3
const REASONS: readonly RefusalReason[] = ['count', 'size', 'type']

/** What is to be said after files were added. */
export interface Addition {
  /** Files that were found, whether they were added or not. */
  readonly found: number
  readonly unreadable: readonly string[]
  readonly refusals: readonly Refusal[]
}

/** Says what was not added and why; nothing when all was. */
export function noticeOf(addition: Addition, limits: Limits, { pick }: Words, format: Format): string {
  const { found, unreadable, refusals } = addition
  if (found + unreadable.length === 0) return pick.nothing
  const limitWords: Readonly<Record<RefusalReason, string>> = {
    count: format.count(limits.count),
    size: format.bytes(limits.sizeBytes),
    type: limits.types.join(', '),
  }
  const name = (paths: readonly string[]): string => {
    const rest = paths.length - MOST_NAMES
    return [...paths.slice(0, MOST_NAMES), ...(rest > 0 ? [pick.more(rest)] : [])].join(', ')
  }
  return [
    ...(unreadable.length > 0 ? [pick.unreadable(name(unreadable))] : []),
    ...REASONS.flatMap((reason) => {
      const paths = refusals.filter((refusal) => refusal.reason === reason).map(({ path }) => path)
      return paths.length > 0 ? [pick.refused[reason](name(paths), limitWords[reason])] : []
    }),
  ].join('\n')
}

/** What is taken, in words. */
export function limitsInWords(limits: Limits, { pick }: Words, format: Format): string {
  const types = limits.types.length === 0 ? pick.anyType : limits.types.join(', ')
  return pick.limits(format.count(limits.count), format.bytes(limits.sizeBytes), types)
}
