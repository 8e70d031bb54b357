import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesOf, loadCrcVectors } from '../testing/vectors.ts'
import { combineCrc64, foldCrc64 } from './crc64.ts'
import { createDigester } from './digester.ts'
import { etagOfMd5, etagOfParts } from './etag.ts'

const vectors = loadCrcVectors()

/** Longest vector that is hashed; the longer ones are noted as meant for combining. */
const MAX_HASHED_BYTES = 2 * 1024 * 1024

async function digestOf(bytes: Buffer): Promise<{ readonly md5: Buffer; readonly crc64: bigint }> {
  const digest = await createDigester().start(0)
  await digest.update(bytes)
  return digest.finish()
}

test('the vectors are all there', () => {
  const hashed = vectors.direct.filter(({ length }) => length <= MAX_HASHED_BYTES)
  expect([vectors.direct.length, hashed.length, vectors.combine.length]).toEqual([79, 76, 21])
})

describe('createDigester() gives the CRC-64 of the service', () => {
  test.each(vectors.direct.filter(({ length }) => length <= MAX_HASHED_BYTES))('$name', async (vector) => {
    expect(String((await digestOf(bytesOf(vector))).crc64)).toBe(vector.crc64)
  })
})

describe('combineCrc64() gives the CRC-64 of zeros too long to hash, joined from halves', () => {
  test.each(vectors.direct.filter(({ length }) => length > MAX_HASHED_BYTES))(
    '$name',
    async ({ length, crc64 }) => {
      const megabyte = 1024 * 1024
      const { crc64: crcOfMegabyte } = await digestOf(Buffer.alloc(megabyte))
      const { crc64: crcOfRest } = await digestOf(Buffer.alloc(length % megabyte))
      let crc = 0n
      for (let index = 0; index < Math.floor(length / megabyte); index += 1) {
        crc = combineCrc64(crc, crcOfMegabyte, megabyte)
      }
      expect(String(combineCrc64(crc, crcOfRest, length % megabyte))).toBe(crc64)
    },
  )
})

describe('combineCrc64() joins two values', () => {
  test.each(vectors.combine)('$name', ({ crcA, crcB, lenB, crcAB }) => {
    expect(String(combineCrc64(BigInt(crcA), BigInt(crcB), lenB))).toBe(crcAB)
  })
})

test('foldCrc64() gives the CRC-64 of the whole, however it was cut', async () => {
  const bytes = fc.uint8Array({ maxLength: 300 })
  await fc.assert(
    fc.asyncProperty(fc.array(bytes, { maxLength: 6 }), async (cuts) => {
      const pieces = await Promise.all(
        cuts.map(async (cut) => ({ crc64: (await digestOf(Buffer.from(cut))).crc64, sizeBytes: cut.length })),
      )
      expect(foldCrc64(pieces)).toBe((await digestOf(Buffer.concat(cuts))).crc64)
    }),
    { numRuns: 50 },
  )
})

test('foldCrc64() gives nothing when a piece has none', () => {
  const pieces = [
    { crc64: 1n, sizeBytes: 1 },
    { crc64: undefined, sizeBytes: 1 },
  ]
  expect(foldCrc64(pieces)).toBeUndefined()
})

test.each(vectors.multipartEtag)(
  'etagOfParts() gives the recorded $objectEtag',
  ({ partMd5Upper, objectEtag }) => {
    expect(`"${etagOfParts(partMd5Upper)}"`).toBe(objectEtag)
  },
)

describe('digests of parts and of the object they make', () => {
  test.each(vectors.multipart)('$name', async ({ generator, parts, objectCrc64, objectEtag }) => {
    const bytes = bytesOf({ generator })
    let offset = 0
    const digests = await Promise.all(
      parts.map((part) => {
        const piece = bytes.subarray(offset, offset + part.size)
        offset += part.size
        return digestOf(piece)
      }),
    )
    expect(digests.map(({ md5 }) => `"${etagOfMd5(md5)}"`)).toEqual(parts.map(({ etag }) => etag))
    expect(digests.map(({ md5 }) => md5.toString('base64'))).toEqual(
      parts.map(({ contentMd5 }) => contentMd5),
    )
    expect(digests.map(({ crc64 }) => String(crc64))).toEqual(parts.map(({ crc64 }) => crc64))
    expect(`"${etagOfParts(digests.map(({ md5 }) => etagOfMd5(md5)))}"`).toBe(objectEtag)
    const pieces = digests.map(({ crc64 }, index) => ({ crc64, sizeBytes: parts[index]?.size ?? 0 }))
    expect(String(foldCrc64(pieces))).toBe(objectCrc64)
  })
})
