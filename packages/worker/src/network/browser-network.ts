import type { CorsCheck, Link, Probe } from './network.ts'

/**
 * Asks without CORS: an opaque answer is an answer, so a host that a CORS rule keeps the page from can be told from one
 * that cannot be reached. (Fetch Standard, "no-cors")
 *
 * With credentials, since Chromium keeps such connections apart from those of requests without: a probe does not queue
 * behind six bodies that are stuck. But not to a host of the page's own domain, which would get its cookies.
 */
export const probeByFetch: Probe = async (origin, signal) => {
  const credentials = isOwnDomain(new URL(origin).hostname, location.hostname) ? 'omit' : 'include'
  try {
    await fetch(origin, { method: 'HEAD', mode: 'no-cors', cache: 'no-store', credentials, signal })
    return true
  } catch {
    return false
  }
}

/** Longest time for a check of the CORS rule, in milliseconds. */
const CORS_CHECK_MS = 10_000

/** An answer that the page may read is one that the rule allows, also a refusal of the request itself. */
export const isAllowedByCors: CorsCheck = async ({ method, url, headerNames }, signal) => {
  const headers = Object.fromEntries(headerNames.map((name) => [name, 'cors-check']))
  const limit = AbortSignal.any([signal, AbortSignal.timeout(CORS_CHECK_MS)])
  try {
    await fetch(url, { method, headers, cache: 'no-store', credentials: 'omit', signal: limit })
    return true
  } catch {
    // Only where the host answers otherwise is it the rule that refuses.
    return limit.aborted || !(await probeByFetch(new URL(url).origin, limit))
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

/** Whether two hosts may share cookies: their last two labels are the same. */
function isOwnDomain(host: string, pageHost: string): boolean {
  const domainOf = (name: string): string => name.split('.').slice(-2).join('.')
  return domainOf(host) === domainOf(pageHost)
}
