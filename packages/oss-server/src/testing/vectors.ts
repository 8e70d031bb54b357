import { readFileSync } from 'node:fs'
import type { RequestHeaders } from '../http/headers.ts'
import type { Query } from '../http/query.ts'

/** A signature vector, see `test/vectors/README.md` of the repository. */
export interface SignatureVector {
  readonly name: string
  readonly version: 'v1' | 'v4'
  readonly mode: 'header' | 'presigned' | 'post-policy'
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
  readonly region?: string
  readonly product?: string
  readonly method: string
  readonly bucket: string
  readonly key: string | null
  readonly query: Readonly<Record<string, string>>
  readonly authQuery?: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly additionalHeaders?: readonly string[]
  readonly date: string | null
  readonly expires?: number
  readonly policyBase64?: string
  readonly expected: {
    readonly canonicalRequest?: string
    readonly stringToSign: string
    readonly signature: string
    readonly authorization?: string
    readonly url?: string
  }
}

/** Bytes of a CRC vector. */
export type VectorBytes =
  | { readonly text: string }
  | { readonly hex: string }
  | {
      readonly generator:
        | { readonly type: 'mod'; readonly modulus: number; readonly length: number }
        | { readonly type: 'zero'; readonly length: number }
        | { readonly type: 'repeat'; readonly byte: number; readonly length: number }
    }

/** `crc64-vectors.json`. */
export interface CrcVectors {
  readonly direct: readonly ({
    readonly name: string
    readonly length: number
    readonly crc64: string
  } & VectorBytes)[]
  readonly combine: readonly {
    readonly name: string
    readonly crcA: string
    readonly crcB: string
    readonly lenB: number
    readonly crcAB: string
  }[]
  readonly multipartEtag: readonly { readonly partMd5Upper: readonly string[]; readonly objectEtag: string }[]
  readonly multipart: readonly {
    readonly name: string
    readonly generator: { readonly type: 'mod'; readonly modulus: number; readonly length: number }
    readonly parts: readonly {
      readonly partNumber: number
      readonly size: number
      readonly etag: string
      readonly contentMd5: string
      readonly crc64: string
    }[]
    readonly objectSize: number
    readonly objectCrc64: string
    readonly objectEtag: string
  }[]
}

/** All signature vectors: those of the SDKs' suites, then the derived ones. */
export function loadSignatureVectors(): SignatureVector[] {
  const official: SignatureVector[] = JSON.parse(read('signature-vectors.json'))
  const derived: SignatureVector[] = JSON.parse(read('signature-vectors-derived.json'))
  return [...official, ...derived]
}

/** The CRC-64 and ETag vectors. */
export function loadCrcVectors(): CrcVectors {
  return JSON.parse(read('crc64-vectors.json'))
}

function read(name: string): string {
  return readFileSync(new URL(`../../../../test/vectors/${name}`, import.meta.url), 'utf8')
}

/** The bytes of a vector. */
export function bytesOf(vector: VectorBytes): Buffer {
  if ('text' in vector) return Buffer.from(vector.text, 'utf8')
  if ('hex' in vector) return Buffer.from(vector.hex, 'hex')
  const { generator } = vector
  const bytes = Buffer.alloc(generator.length)
  if (generator.type === 'repeat') bytes.fill(generator.byte)
  if (generator.type === 'mod')
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = index % generator.modulus
  return bytes
}

/** Headers as the server reads them. */
export function headersOf(headers: Readonly<Record<string, string>>): RequestHeaders {
  return new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

/** Query as the server reads it. */
export function queryOf(query: Readonly<Record<string, string>>): Query {
  return Object.entries(query)
}
