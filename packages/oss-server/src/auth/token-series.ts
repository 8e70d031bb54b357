import { randomUUID } from 'node:crypto'

/** Ends tokens before their time: those that are made between two calls of `expireAll()` are one series. */
export interface TokenSeries {
  /** Series of the tokens that are made now. */
  current(): string
  /** Whether the tokens of a series were ended. */
  isExpired(series: string): boolean
  /** Ends all tokens that were made until now. */
  expireAll(): void
}

/** Creates the series of a server. Nothing is kept: a restart takes back what was ended. */
export function createTokenSeries(): TokenSeries {
  let current = randomUUID()
  let isAlone = false
  return {
    current: () => current,
    isExpired: (series) => isAlone && series !== current,
    expireAll() {
      current = randomUUID()
      isAlone = true
    },
  }
}
