/** A stored part. All of it is in its file's name, so that one rename commits a part. */
export interface PartRecord {
  readonly partNumber: number
  readonly sizeBytes: number
  /** Upper-case hex MD5. */
  readonly etag: string
  /** `undefined` for copied parts of a service that gives them none. */
  readonly crc64: bigint | undefined
  readonly lastModifiedMs: number
}

/** `00007.1732270000000.102400.<MD5>.<CRC-64 or ->` */
export function toPartName(part: PartRecord): string {
  return [
    String(part.partNumber).padStart(5, '0'),
    part.lastModifiedMs,
    part.sizeBytes,
    part.etag,
    part.crc64 ?? '-',
  ].join('.')
}

/** Reads {@link toPartName}, `undefined` for other names. */
export function fromPartName(name: string): PartRecord | undefined {
  const match = /^(\d{5})\.(\d+)\.(\d+)\.([0-9A-F]{32})\.(\d+|-)$/.exec(name)
  if (match === null) return undefined
  const [, partNumber, lastModifiedMs, sizeBytes, etag = '', crc64 = '-'] = match
  return {
    partNumber: Number(partNumber),
    lastModifiedMs: Number(lastModifiedMs),
    sizeBytes: Number(sizeBytes),
    etag,
    crc64: crc64 === '-' ? undefined : BigInt(crc64),
  }
}
