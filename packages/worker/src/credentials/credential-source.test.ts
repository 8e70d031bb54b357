import { expect, test } from 'vitest'
import { createFakeClock } from '../../../../test/harness/fake-clock.ts'
import { createServerClock } from '../engine/server-clock.ts'
import { createV4Signer } from '../oss/sign/v4.ts'
import { UploadError } from '../protocol/errors.ts'
import { createCredentialSource } from './credential-source.ts'

const FIELDS = {
  bucket: 'bucket',
  key: 'key',
  region: 'cn-shanghai',
  accessKeyId: 'id',
  accessKeySecret: 'secret',
  securityToken: 'token',
  expiration: '600',
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('a renewal that failed is tried again, while the old credentials hold, when the dice say so', async () => {
  const clock = createFakeClock()
  const beganAtMs = clock.now()
  const askedAfterS: number[] = []
  const source = createCredentialSource({
    clock,
    random: () => 0,
    outlast: async () => false,
    ask: async (reason) => {
      if (reason === 'create') return FIELDS
      askedAfterS.push((clock.now() - beganAtMs) / 1000)
      throw new UploadError('CREDENTIALS_FAILED', 'the service is down')
    },
    createSigner: createV4Signer,
    serverClock: createServerClock(clock),
    refreshLeadMs: 60_000,
    onGrant: () => undefined,
    hold: (run) => run(),
  })
  const { signal } = new AbortController()
  const first = await source.start('create', undefined, signal)
  for (let second = 0; second < 500; second += 10) {
    clock.advance(10_000)
    expect(await source.current(signal)).toBe(first)
    await settled()
  }
  // Three attempts from 400 s on, which is two thirds, and again when a quarter of the rest is over.
  expect(askedAfterS).toEqual([400, 410, 420, 470, 480, 490])
})
