import {
  decimalBigInt,
  integer,
  nonEmptyText,
  object,
  oneOf,
  orUndefined,
  parseJson,
  recordOf,
  text,
  type Rule,
} from '../rules/rule.ts'

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

const recordRule: Rule<ObjectRecord> = object<ObjectRecord>({
  key: nonEmptyText,
  type: oneOf(['Normal', 'Multipart', 'Appendable']),
  sizeBytes: integer(0),
  etag: nonEmptyText,
  crc64: orUndefined(decimalBigInt),
  contentMd5: orUndefined(nonEmptyText),
  lastModifiedMs: integer(0),
  headers: recordOf(text),
  location: oneOf(['plain', 'internal']),
  stagedAs: nonEmptyText,
  uploadId: orUndefined(nonEmptyText),
})

/**
 * Reads {@link toRecordJson}.
 *
 * @throws RuleError when somebody changed the file into something else
 */
export function fromRecordJson(json: string, path: string): ObjectRecord {
  return parseJson(json, recordRule, path)
}
