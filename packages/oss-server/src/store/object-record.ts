/** Kinds of object as `x-oss-object-type` names them. */
export type ObjectType = 'Normal' | 'Multipart' | 'Appendable'

/** What is known of an object besides its bytes. */
export interface ObjectFacts {
  readonly key: string
  readonly type: ObjectType
  readonly sizeBytes: number
  /** Without quotes. */
  readonly etag: string
  /** `undefined` when a copied part had none. */
  readonly crc64: bigint | undefined
  /** Base64; only for objects that were stored in one go, or in sequential parts. */
  readonly contentMd5: string | undefined
  readonly lastModifiedMs: number
  /** Headers that come back with the object: Content-Type, Cache-Control, x-oss-meta-* and so on; lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/** An object in the store. */
export interface ObjectRecord extends ObjectFacts {
  /** `plain`: at `<bucket>/<key>`; `internal`: in the file named by the key's hash. */
  readonly location: 'plain' | 'internal'
  /**
   * Name of the file that becomes the object, relative to the data folder. Writing the record is what commits
   * an object; while this file is still there, its rename is outstanding and recovery does it.
   */
  readonly stagedAs: string
  /** Upload that the object completed: recovery removes what is left of it. */
  readonly uploadId: string | undefined
}

/** JSON of a record. */
export function toRecordJson(record: ObjectRecord): string {
  return JSON.stringify({ ...record, crc64: record.crc64?.toString() }, null, 2)
}

/** Reads {@link toRecordJson}. The file is the server's own: its fields are taken as they are. */
export function fromRecordJson(text: string): ObjectRecord {
  const parsed = JSON.parse(text) as Omit<ObjectRecord, 'crc64'> & { readonly crc64?: string }
  return {
    ...parsed,
    contentMd5: parsed.contentMd5,
    uploadId: parsed.uploadId,
    crc64: parsed.crc64 === undefined ? undefined : BigInt(parsed.crc64),
  }
}
