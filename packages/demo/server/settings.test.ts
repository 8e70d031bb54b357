import { describe, expect, test } from 'vitest'
import { readSettings } from './settings.ts'

const KEY = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'id', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'hush-hush' }

describe('readSettings()', () => {
  test('has a default for everything', () => {
    expect(readSettings({}, '/work')).toEqual({
      port: 5173,
      ossPort: 9000,
      dataDir: '/work/.data',
      vod: { kind: 'local' },
    })
  })

  test('takes ports, 0 for any, and a data folder relative to the working directory', () => {
    const settings = readSettings({ PORT: '0', OSS_PORT: '65535', DATA_DIR: 'tmp/x' }, '/work')
    expect(settings).toMatchObject({ port: 0, ossPort: 65_535, dataDir: '/work/tmp/x' })
  })

  test('takes an empty variable for one that is not set', () => {
    const empty = { PORT: '', OSS_PORT: '', DATA_DIR: '', ALIBABA_CLOUD_ACCESS_KEY_ID: '' }
    expect(readSettings(empty, '/work')).toEqual(readSettings({}, '/work'))
  })

  test.each(['65536', '-1', '80.5', '0x50', 'http'])('refuses the port %s, naming the variable', (port) => {
    expect(() => readSettings({ OSS_PORT: port }, '/work')).toThrow(
      `OSS_PORT must be a port from 0 (any free one) to 65535, got "${port}"`,
    )
  })

  test('takes the key of an account, in Shanghai unless told otherwise', () => {
    expect(readSettings(KEY, '/work').vod).toEqual({
      kind: 'openapi',
      accessKeyId: 'id',
      accessKeySecret: 'hush-hush',
      securityToken: undefined,
      region: 'cn-shanghai',
    })
    const env = { ...KEY, ALIBABA_CLOUD_REGION: 'ap-southeast-1', ALIBABA_CLOUD_SECURITY_TOKEN: 'token' }
    expect(readSettings(env, '/work').vod).toMatchObject({ securityToken: 'token', region: 'ap-southeast-1' })
  })

  test('refuses half a key without printing it', () => {
    const half = { ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'hush-hush' }
    expect(() => readSettings(half, '/work')).toThrow(/belong together/)
    expect(() => readSettings(half, '/work')).not.toThrow(/hush-hush/)
  })

  test('refuses a region that is no part of a host name', () => {
    expect(() => readSettings({ ...KEY, ALIBABA_CLOUD_REGION: 'x.evil.example/' }, '/work')).toThrow(
      'ALIBABA_CLOUD_REGION must be a region id such as cn-shanghai, got "x.evil.example/"',
    )
  })
})
