import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import vectors from '../../../../test/vectors/crc64-vectors.json' with { type: 'json' }
import { assembleCrc64 } from '../../wasm/crc64.mjs'
import { CRC64_WASM } from './crc64-wasm.ts'
import { combineCrc64 } from './crc64-combine.ts'
import { createScriptCrc64 } from './crc64-script.ts'
import { createCrc64, loadCrc64 } from './crc64.ts'

interface Direct {
  readonly name: string
  readonly crc64: string
  readonly length: number
  readonly text?: string
  readonly hex?: string
  readonly base64?: string
  readonly generator?: {
    readonly type: string
    readonly modulus?: number
    readonly byte?: number
    readonly value?: number
  }
}

/** Longer ones are only there for combining. */
const MAX_DIRECT_BYTES = 64 * 1024 * 1024

const wasm = await createCrc64()

describe.each([
  ['in WebAssembly', wasm],
  ['as a script', createScriptCrc64()],
])('crc64() %s', (_name, crc64) => {
  describe('of the vectors', () => {
    const direct = (vectors.direct as readonly Direct[]).filter(({ length }) => length <= MAX_DIRECT_BYTES)

    test.each(direct)('$name', (vector) => {
      const bytes = bytesOf(vector)
      expect(bytes.length).toBe(vector.length)
      expect(crc64(bytes).toString()).toBe(vector.crc64)
    })
  })

  test('goes on from the CRC of what came before, wherever it is cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200_000, size: 'max' }), fc.nat(200_000), (bytes, cut) => {
        const before = crc64(bytes.subarray(0, cut))
        expect(crc64(bytes.subarray(cut), before)).toBe(crc64(bytes))
      }),
      { numRuns: 50 },
    )
  })

  test('is the same for any alignment and any length, as bit by bit', () => {
    const slow = (bytes: Uint8Array): bigint => {
      let crc = 0xffff_ffff_ffff_ffffn
      for (const byte of bytes) {
        crc ^= BigInt(byte)
        for (let bit = 0; bit < 8; bit++)
          crc = (crc & 1n) === 1n ? (crc >> 1n) ^ 0xc96c5795d7870f42n : crc >> 1n
      }
      return crc ^ 0xffff_ffff_ffff_ffffn
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(20), (bytes, start) => {
        expect(crc64(bytes.subarray(start))).toBe(slow(bytes.subarray(start)))
      }),
    )
  })
})

describe('loadCrc64()', () => {
  afterEach(() => vi.unstubAllGlobals())

  test.each([
    ['the CSP refuses WebAssembly', { instantiate: () => Promise.reject(new WebAssembly.CompileError()) }],
    ['the browser has none', undefined],
  ])('gives the script where %s', async (_name, refused) => {
    vi.stubGlobal('WebAssembly', refused)
    const crc64 = await loadCrc64()
    expect(crc64(new TextEncoder().encode('123456789')).toString()).toBe('11051210869376104954')
  })
})

test('the WebAssembly is what its source says', async () => {
  expect(CRC64_WASM).toBe(Buffer.from(await assembleCrc64()).toString('base64'))
})

describe('combineCrc64()', () => {
  test.each(vectors.combine)('$name', ({ crcA, crcB, lenB, crcAB }) => {
    // The length of the first piece does not matter, since a CRC of nothing is 0.
    const pieces = [
      { crc64: BigInt(crcA), lengthBytes: 1 },
      { crc64: BigInt(crcB), lengthBytes: lenB },
    ]
    expect(combineCrc64(pieces).toString()).toBe(crcAB)
  })

  test('is 0 for no pieces', () => {
    expect(combineCrc64([])).toBe(0n)
  })

  test('equals the CRC of the whole, wherever it is cut', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 5000 }),
        fc.array(fc.nat(5000), { maxLength: 6 }),
        (bytes, cuts) => {
          const marks = [
            0,
            ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b),
            bytes.length,
          ]
          const pieces = marks.slice(1).map((end, index) => {
            const piece = bytes.subarray(marks[index], end)
            return { crc64: wasm(piece), lengthBytes: piece.length }
          })
          expect(combineCrc64(pieces)).toBe(wasm(bytes))
        },
      ),
    )
  })
})

function bytesOf({ text, generator, length, ...vector }: Direct): Uint8Array {
  if (text !== undefined) return new TextEncoder().encode(text)
  if (vector.hex !== undefined) return Uint8Array.from(Buffer.from(vector.hex, 'hex'))
  if (generator?.type === 'mod') return Uint8Array.from({ length }, (_, i) => i % (generator.modulus ?? 1))
  return new Uint8Array(length).fill(generator?.byte ?? generator?.value ?? 0)
}
