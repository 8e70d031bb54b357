import type { OssFixtureApi } from './oss-fixture-api.ts'

/** The fixture as a page sees it. */
export function connectOssFixture(url: string): OssFixtureApi & {
  /** Answers a callback of OSS with what it heard. */
  readonly callbackUrl: string
} {
  const call =
    (name: string) =>
    async (input: unknown = null): Promise<never> => {
      const response = await fetch(`${url}/${name}`, { method: 'POST', body: JSON.stringify(input) })
      const text = await response.text()
      if (!response.ok) throw new Error(`${name}: ${text}`)
      return (text === '' ? undefined : JSON.parse(text)) as never
    }
  return {
    callbackUrl: `${url}/callback`,
    credentials: call('credentials'),
    sign: call('sign'),
    form: call('form'),
    stored: call('stored'),
    openUploads: call('openUploads'),
    openParts: call('openParts'),
    abortUploads: call('abortUploads'),
    log: call('log'),
    orderFault: call('orderFault'),
    clearFaults: call('clearFaults'),
    setGate: call('setGate'),
    peakConnectionsApart: call('peakConnectionsApart'),
    vodToken: call('vodToken'),
    endVodToken: call('endVodToken'),
    vodCalls: call('vodCalls'),
    deleteVideo: call('deleteVideo'),
  }
}
