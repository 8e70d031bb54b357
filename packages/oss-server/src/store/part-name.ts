/** A stored part. All of it is in a file's name, so that creating or renaming one file commits a part. */
export interface PartRecord {
  readonly partNumber: number
  readonly sizeBytes: number
  /** Upper-case hex MD5. */
  readonly etag: string
  /** `undefined` for copied parts of a service that gives them none. */
  readonly crc64: bigint | undefined
  readonly lastModifiedMs: number
  /** Where its bytes are: at its place in the upload's shared file, or in the file of that name. */
  readonly home: 'shared' | 'own'
}

/** `00007.1732270000000.102400.<MD5>.<CRC-64 or ->.<home>` */
export function toPartName(part: PartRecord): string {
  const { partNumber, lastModifiedMs, sizeBytes, etag, crc64, home } = part
  return [String(partNumber).padStart(5, '0'), lastModifiedMs, sizeBytes, etag, crc64 ?? '-', home].join('.')
}

/** Reads {@link toPartName}, `undefined` for other names. */
export function fromPartName(name: string): PartRecord | undefined {
  const match = /^(\d{5})\.(\d+)\.(\d+)\.([0-9A-F]{32})\.(\d+|-)\.(shared|own)$/.exec(name)
  if (match === null) return undefined
  const [, partNumber, lastModifiedMs, sizeBytes, etag = '', crc64 = '-', home] = match
  return {
    partNumber: Number(partNumber),
    lastModifiedMs: Number(lastModifiedMs),
    sizeBytes: Number(sizeBytes),
    etag,
    crc64: crc64 === '-' ? undefined : BigInt(crc64),
    home: home === 'shared' ? 'shared' : 'own',
  }
}
