import type { CorsCheck, Link, Probe } from './network.ts'

/**
 * Asks without CORS: an opaque answer is an answer, so a host that a CORS rule keeps the page from can be told from one
 * that cannot be reached. (Fetch Standard, "no-cors")
 *
 * With credentials, since Chromium keeps such connections apart from those of requests without: a probe does not queue
 * behind six bodies that are stuck.
 */
export const probeByFetch: Probe = async (origin) => {
  try {
    await fetch(origin, { method: 'HEAD', mode: 'no-cors', cache: 'no-store', credentials: 'include' })
    return true
  } catch {
    return false
  }
}

/** An answer that the page may read is one that the rule allows, also a refusal of the request itself. */
export const isAllowedByCors: CorsCheck = async (url, signal) => {
  const headers = { 'x-oss-date': '' }
  try {
    await fetch(url, { method: 'PUT', headers, cache: 'no-store', credentials: 'omit', signal })
    return true
  } catch {
    return signal.aborted
  }
}

/** What `navigator.onLine` and its events say, in workers as in pages. (HTML Standard, "Browser state") */
export const browserLink: Link = {
  isUp: () => navigator.onLine,
  onChange(listener) {
    globalThis.addEventListener('online', listener)
    globalThis.addEventListener('offline', listener)
  },
}
