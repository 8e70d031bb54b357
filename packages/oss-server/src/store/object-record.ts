import {
  decimalBigInt,
  integer,
  listOf,
  nonEmptyText,
  object,
  oneOf,
  orUndefined,
  parseJson,
  recordOf,
  text,
  withDefault,
  type FieldRules,
  type Rule,
} from '../rules/rule.ts'

/** Kinds of object as `x-oss-object-type` names them. */
export type ObjectType = 'Normal' | 'Multipart' | 'Appendable'

/** ACLs of an object; `default` is that of its bucket (page PutObjectACL). */
export const OBJECT_ACLS = ['default', 'private', 'public-read', 'public-read-write'] as const

/** One of {@link OBJECT_ACLS}. */
export type ObjectAcl = (typeof OBJECT_ACLS)[number]

/** One tag of an object. */
export interface ObjectTag {
  readonly key: string
  readonly value: string
}

/** What the request that makes an object says about it. */
export interface ObjectAttributes {
  /** Headers that come back with the object: Content-Type, Cache-Control, x-oss-meta-* and so on; lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly acl: ObjectAcl
  /** In the order given, no key twice. */
  readonly tags: readonly ObjectTag[]
}

/** What {@link ObjectAttributes} must be in a file; those of an earlier version have headers alone. */
export const attributesRules: FieldRules<ObjectAttributes> = {
  headers: recordOf(text),
  acl: withDefault(oneOf(OBJECT_ACLS), 'default'),
  tags: withDefault(listOf(object<ObjectTag>({ key: text, value: text })), []),
}

/** What is known of an object besides its bytes. */
export interface ObjectFacts extends ObjectAttributes {
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
  ...attributesRules,
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
