import type { VodCallbacks } from './vod-options.ts'

/** Calls a callback of the application. What it throws, or rejects with, is reported and told to `onFailure`. */
export type Tell = (call: (on: VodCallbacks) => unknown, onFailure?: (error: Error) => void) => void

export function createTell(callbacks: VodCallbacks): Tell {
  return (call, onFailure) => {
    const fail = (error: unknown): void => {
      reportError(error)
      onFailure?.(error instanceof Error ? error : new Error(String(error)))
    }
    try {
      const result = call(callbacks)
      if (result instanceof Promise) result.catch(fail)
    } catch (error) {
      fail(error)
    }
  }
}
