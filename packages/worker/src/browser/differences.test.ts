import { describe, expect, test } from 'vitest'
import { byteBodies, sliceBodies } from '../body/body-source.ts'
import { differencesOf } from './differences.ts'

const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)'
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X)'

describe('WebKit gets bytes, and leaves a connection to probes', () => {
  test.each([
    ['Safari', `${MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15`],
    [
      'Safari of a phone',
      `${IPHONE} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile Safari/604.1`,
    ],
    ['Chrome for iOS', `${IPHONE} AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.0.0 Safari/604.1`],
    ['Firefox for iOS', `${IPHONE} AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/140.0 Safari/605.1.15`],
    ['a web view', `${IPHONE} AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148`],
    [
      'WebKitGTK',
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
    ],
  ])('%s', (_name, userAgent) => {
    expect(differencesOf(userAgent)).toEqual({ bodies: byteBodies, spareConnections: 1 })
  })
})

describe('others get slices, and use all connections', () => {
  test.each([
    ['Chrome', `${MAC} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36`],
    [
      'Chrome without a window',
      `${MAC} AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36`,
    ],
    ['Edge', `${MAC} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`],
    ['Firefox', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0'],
  ])('%s', (_name, userAgent) => {
    expect(differencesOf(userAgent)).toEqual({ bodies: sliceBodies, spareConnections: 0 })
  })
})
