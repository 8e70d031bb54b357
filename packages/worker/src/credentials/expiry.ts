import { invalid } from './fields.ts'
import type { Fields } from './fields.ts'

/** What time it is, here and there: the clock of a user's machine may be off by hours. */
export interface Clocks {
  /** Milliseconds since the epoch, of this machine. */
  readonly nowMs: number
  /** The same moment by the service's clock, as far as it is known. */
  readonly serverNowMs: number
}

/**
 * When credentials end, by the clock of this machine. `Expiration` in seconds wins over `ExpireUTCTime`: a length of
 * time is right whatever the clock says, while a date has to be compared with the service's clock. `Expiration` is
 * seconds as a text in VOD's answers, an ISO date in STS's and in policies. (VOD documentation, "Upload URLs and
 * credentials")
 *
 * Credentials that seem to have ended before they arrived tell of a wrong clock, not of their end: undefined then, and
 * the service says when they end.
 */
export function expiry(fields: Fields, { nowMs, serverNowMs }: Clocks): number | undefined {
  const [expiration, utcTime] = [fields.get('expiration'), fields.get('expireUTCTime')].map((value) =>
    value === null || value === '' ? undefined : value,
  )
  const seconds = secondsOf(expiration)
  if (seconds !== undefined) return seconds > 0 ? nowMs + seconds * 1000 : undefined
  const date = utcTime ?? expiration
  if (date === undefined) return undefined
  const endsAtMs = typeof date === 'string' ? Date.parse(date) : NaN
  if (Number.isNaN(endsAtMs)) {
    throw invalid(`expiration must be an ISO date or a number of seconds, got ${JSON.stringify(date)}`)
  }
  return endsAtMs > serverNowMs ? nowMs + (endsAtMs - serverNowMs) : undefined
}

function secondsOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined
}
