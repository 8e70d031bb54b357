/**
 * Limits of the service. Source, unless a line says otherwise: help.aliyun.com/zh/oss/user-guide/limits
 * and the page of the operation named.
 */

const KIB = 1024
const MIB = 1024 * KIB
const GIB = 1024 * MIB

/** Largest body of PutObject and PostObject, and largest appendable object (pages of the same names). */
export const MAX_PUT_BYTES: number = 5 * GIB

/** Largest part (page UploadPart). */
export const MAX_PART_BYTES: number = 5 * GIB

/** Smallest part that is not the last one listed; looked at by Complete only (page CompleteMultipartUpload). */
export const MIN_PART_BYTES: number = 100 * KIB

/** Part numbers run from 1 to this (page UploadPart). */
export const MAX_PART_NUMBER = 10_000

/** Longest key in bytes of UTF-8 (page Object naming). */
export const MAX_KEY_BYTES = 1023

/** Shortest and longest bucket name in characters (page Bucket naming). */
export const MIN_BUCKET_NAME_LENGTH = 3
export const MAX_BUCKET_NAME_LENGTH = 63

/** Largest page of ListParts and ListMultipartUploads, also the default (pages of the same names). */
export const MAX_LIST_PAGE = 1000

/** Largest and default page of GetBucket (page ListObjects). */
export const MAX_OBJECT_PAGE = 1000
export const DEFAULT_OBJECT_PAGE = 100

/** All `x-oss-meta-*` headers together (page PutObject). */
export const MAX_META_BYTES: number = 8 * KIB

/** Clock difference tolerated in header signatures and for URLs dated in the future (page Signature V4). */
export const MAX_CLOCK_SKEW_MS: number = 15 * 60 * 1000

/** Longest lifetime of a V4 URL (page Add a V4 signature to a URL). */
export const MAX_URL_LIFETIME_SECONDS: number = 7 * 24 * 3600

/** Longest lifetime of temporary credentials (STS page AssumeRole, DurationSeconds). */
export const MAX_TOKEN_TTL_SECONDS: number = 12 * 3600

/** `x-oss-traffic-limit` in bit per second, lowest and highest (page Single-connection bandwidth throttling). */
export const MIN_TRAFFIC_LIMIT_BITS = 819_200
export const MAX_TRAFFIC_LIMIT_BITS = 838_860_800

/** Rules in the CORS configuration of a bucket (page PutBucketCors). */
export const MAX_CORS_RULES = 10

/** Base64 text of `x-oss-callback`, and of `x-oss-callback-var` (page Callback). */
export const MAX_CALLBACK_BYTES: number = 5 * KIB

/** Addresses in one callbackUrl (page Callback). */
export const MAX_CALLBACK_URLS = 5

/** Time the application server has to answer a callback (page Callback). */
export const CALLBACK_TIMEOUT_MS = 5000

/** Largest answer of the application server to a callback (page Callback). */
export const MAX_CALLBACK_ANSWER_BYTES: number = MIB

/**
 * Body of CompleteMultipartUpload that is read into memory. The service states no figure; 10,000 parts
 * written with indentation need about 1.2 MB.
 */
export const MAX_COMPLETE_BODY_BYTES: number = 2 * MIB

/** Name of a form field in bytes (page PostObject). */
export const MAX_FORM_NAME_BYTES: number = 8 * KIB

/** Value of a form field other than the file (page PostObject). */
export const MAX_FORM_VALUE_BYTES: number = 2 * MIB

/** Values of all form fields before the file (page EC 0006-00000112). */
export const MAX_FORM_FIELDS_BYTES: number = 8 * MIB

/** Tags of an object, and the characters of their keys and values (page PutObjectTagging). */
export const MAX_TAGS = 10
export const MAX_TAG_KEY_LENGTH = 128
export const MAX_TAG_VALUE_LENGTH = 256
