import { createHash } from 'node:crypto'
import { createCRC64 } from 'hash-wasm'

/** MD5 and CRC-64 of a body. */
export interface Digests {
  readonly md5: Buffer
  readonly crc64: bigint
}

/** Digests a body as it comes. One body at a time. */
export interface BodyDigest {
  update(chunk: Uint8Array): void
  finish(): Digests
}

type Crc64Hasher = Awaited<ReturnType<typeof createCRC64>>

/** Each hasher is a WebAssembly instance with its own memory: kept for the next body. */
const idleHashers: Crc64Hasher[] = []

/** Starts digests. A digest that is not finished is left to the garbage collector. */
export async function createBodyDigest(): Promise<BodyDigest> {
  const md5 = createHash('md5')
  const crc = (idleHashers.pop() ?? (await createCRC64())).init()
  return {
    update(chunk) {
      md5.update(chunk)
      crc.update(chunk)
    },
    finish() {
      const crc64 = BigInt(`0x${crc.digest('hex')}`)
      idleHashers.push(crc)
      return { md5: md5.digest(), crc64 }
    },
  }
}
