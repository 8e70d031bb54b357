import { invalidArgument } from '../http/errors.ts'
import type { RequestHeaders } from '../http/headers.ts'
import { queryValue, type Query } from '../http/query.ts'
import { MAX_TRAFFIC_LIMIT_BITS, MIN_TRAFFIC_LIMIT_BITS } from '../limits.ts'

const NAME = 'x-oss-traffic-limit'

/**
 * Reads the speed that a client asks for.
 *
 * @returns bytes per second, `undefined` when it asks for none
 * @throws OssError InvalidArgument when it is out of range or given twice
 */
export function readTrafficLimit(headers: RequestHeaders, query: Query): number | undefined {
  const inHeader = headers.get(NAME)
  const inQuery = queryValue(query, NAME)
  const value = inHeader ?? inQuery
  if (value === undefined) return undefined
  if (inHeader !== undefined && inQuery !== undefined) {
    throw invalidArgument(
      `${NAME} should be specified either in query string or header, not both.`,
      NAME,
      value,
    )
  }
  const bits = /^\d{1,12}$/.test(value) ? Number(value) : 0
  if (bits < MIN_TRAFFIC_LIMIT_BITS || bits > MAX_TRAFFIC_LIMIT_BITS) {
    throw invalidArgument(
      `${NAME} is invalid, should be specified between 819200(100KB/s) and 838860800(100MB/s).`,
      NAME,
      value,
    )
  }
  return bits / 8
}
