import type { CredentialsReason, GetCredentials } from '@sluice/core'

/**
 * Finds out which authorization service the page uses: the one that `?api=<base URL>` names, else `/api` of the page's
 * own origin.
 *
 * @param pageUrl the page's own URL
 * @throws when `?api=` is no HTTP URL
 */
export function readApiBase(pageUrl: string): URL {
  const given = new URL(pageUrl).searchParams.get('api') || '/api'
  const base = URL.canParse(given, pageUrl) ? new URL(given, pageUrl) : undefined
  if (base?.protocol === 'http:' || base?.protocol === 'https:') return base
  throw new Error(`?api= must be an HTTP URL, got ${JSON.stringify(given)}`)
}

/** Asks an authorization service for the credentials of each upload. */
export function createAuthorizer(base: URL): GetCredentials {
  return async ({ reason, file, name, mediaId, signal }) => {
    const response = await ask(actionUrl(base, actionFor(reason, name)), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name, size: file.size, type: file.type, mediaId }),
      signal,
    })
    const answer: unknown = await response.json().catch(() => undefined)
    // The media was deleted meanwhile: the upload begins anew.
    if (reason === 'resume' && response.status === 404) return null
    if (!response.ok) throw new Error(refusalWords(response.status, answer))
    if (answer === undefined) throw new Error('The authorization service answered no JSON')
    return answer
  }
}

/** Images are created by an operation of their own, and anew each time: VOD refreshes the credentials of videos only. */
function actionFor(reason: CredentialsReason, name: string): string {
  if (isImage(name)) return 'create-image'
  return reason === 'create' ? 'create' : 'refresh'
}

/** The formats that CreateUploadImage takes. */
function isImage(name: string): boolean {
  return /\.(png|jpe?g|gif|heic|webp)$/i.test(name)
}

/** Where a base URL has an action. A query of it stays: it may hold options. */
export function actionUrl(base: URL, action: string): URL {
  const url = new URL(base)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${action}`
  return url
}

async function ask(url: URL, init: RequestInit & { readonly signal: AbortSignal }): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    init.signal.throwIfAborted()
    throw new Error(`The authorization service at ${url.origin} cannot be reached`, { cause: error })
  }
}

/** The OpenAPI's errors have `Code` and `Message`. */
function refusalWords(status: number, answer: unknown): string {
  if (
    typeof answer === 'object' &&
    answer !== null &&
    'Code' in answer &&
    typeof answer.Code === 'string' &&
    'Message' in answer &&
    typeof answer.Message === 'string'
  ) {
    return `${answer.Message} (${answer.Code})`
  }
  return `The authorization service answered ${status}`
}
