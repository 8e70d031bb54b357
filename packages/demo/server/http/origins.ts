/** Tells whether pages of an origin may use the authorization service. */
export type OriginRule = (origin: string) => boolean

/** With the local OSS nothing is at stake. */
export const anyOrigin: OriginRule = () => true

/**
 * With an account's key only pages of this machine: a browser lets any web site ask a service on loopback, and this one
 * would hand out the account's storage.
 */
export const loopbackOrigin: OriginRule = (origin) => {
  const host = URL.canParse(origin) ? new URL(origin).hostname : ''
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
  )
}
