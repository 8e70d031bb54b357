import { invalidArgument } from '../http/errors.ts'
import { queryValue, type Query } from '../http/query.ts'

/**
 * Reads the size of a page.
 *
 * @param limits `min` and `max` inclusive; `fallback` when the query does not say
 * @throws OssError InvalidArgument outside the limits
 */
export function readPageSize(
  query: Query,
  name: string,
  limits: { readonly min: number; readonly max: number; readonly fallback: number },
): number {
  const text = queryValue(query, name)
  if (text === undefined || text === '') return limits.fallback
  const size = /^\d{1,9}$/.test(text) ? Number(text) : -1
  if (size < limits.min || size > limits.max) {
    throw invalidArgument(
      `Argument ${name} must be an integer between ${limits.min} and ${limits.max}.`,
      name,
      text,
    )
  }
  return size
}
