import { signUrl } from './contenders/sign-url.ts'
import type { Destination, Job } from './contenders/contender.ts'

/** Finds out where a file goes. */
export type FindDestination = (file: File, signal: AbortSignal) => Promise<Destination>

/** Asks the authorization service, as the uploader page does. */
export function ofService(base: URL): FindDestination {
  return async ({ name, size, type }, signal) => {
    const url = new URL(base)
    url.pathname = `${url.pathname.replace(/\/$/, '')}/create`
    const body = JSON.stringify({ name, size, type })
    const headers = { 'Content-Type': 'application/json' }
    const response = await fetch(url, { method: 'POST', headers, body, signal })
    const answer: unknown = await response.json()
    if (!response.ok) throw new Error(`The authorization service answered ${response.status}`)
    return readUpload(answer)
  }
}

/** What a person entered. Each file gets a key of its own in the folder. */
export function ofPerson(given: Omit<Destination, 'key'>, folder: string): FindDestination {
  return ({ name }) =>
    Promise.resolve({ ...given, key: [folder, crypto.randomUUID(), name].filter(Boolean).join('/') })
}

/** Reads the answer of CreateUploadVideo. */
function readUpload(answer: unknown): Destination {
  const outer = textFields(answer)
  const address = textFields(decode(outer('UploadAddress')))
  const auth = textFields(decode(outer('UploadAuth')))
  return {
    endpoint: named(address('Endpoint')),
    bucket: address('Bucket'),
    key: address('FileName'),
    region: auth('Region'),
    accessKeyId: auth('AccessKeyId'),
    accessKeySecret: auth('AccessKeySecret'),
    securityToken: auth('SecurityToken'),
  }
}

/** By name: some contenders put the bucket in front of the host, and browsers resolve `<bucket>.localhost`. */
function named(endpoint: string): string {
  return endpoint.replace('//127.0.0.1', '//localhost')
}

function decode(base64: string): unknown {
  return JSON.parse(atob(base64))
}

function textFields(value: unknown): (name: string) => string {
  const entries = new Map<string, unknown>(Object.entries(value ?? {}))
  return (name) => {
    const field = entries.get(name)
    if (typeof field !== 'string') throw new Error(`The authorization service gave no ${name}`)
    return field
  }
}

/**
 * Removes what was stored.
 *
 * @returns how many objects could not be removed
 */
export async function removeObjects(jobs: readonly Job[]): Promise<number> {
  let left = 0
  for (const { destination } of jobs) {
    const isGone = await signUrl(destination, 'DELETE', {})
      .then((url) => fetch(url, { method: 'DELETE' }))
      .then(
        ({ ok }) => ok,
        () => false,
      )
    if (!isGone) left += 1
  }
  return left
}
