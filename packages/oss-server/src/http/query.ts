import { decodePercent } from './percent.ts'

/** Decoded items of a query in the order sent. A bare name and `name=` both have the value ''. */
export type Query = readonly (readonly [name: string, value: string])[]

/**
 * Splits and decodes the text after `?`. `+` is a blank, as the service reads it.
 *
 * @returns the items, or `undefined` when an escape is malformed
 */
export function parseQuery(text: string): Query | undefined {
  const items: (readonly [string, string])[] = []
  for (const item of text.split('&')) {
    if (item === '') continue
    const equals = item.indexOf('=')
    const name = decodePercent((equals < 0 ? item : item.slice(0, equals)).replaceAll('+', ' '))
    const value = decodePercent((equals < 0 ? '' : item.slice(equals + 1)).replaceAll('+', ' '))
    if (name === undefined || value === undefined) return undefined
    items.push([name, value])
  }
  return items
}

/** Value of the first item of that name, `undefined` when there is none. */
export function queryValue(query: Query, name: string): string | undefined {
  return query.find(([itemName]) => itemName === name)?.[1]
}

/** Whether the query has the name, with or without a value. */
export function hasQuery(query: Query, name: string): boolean {
  return query.some(([itemName]) => itemName === name)
}
