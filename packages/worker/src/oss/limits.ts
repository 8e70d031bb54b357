/**
 * Limits of the service, from "Limits" and "Multipart upload" of the OSS documentation
 * (https://www.alibabacloud.com/help/en/oss/user-guide/limits).
 */

/** Smallest size of a part other than the last, in bytes: 100 KiB. OSS checks it only at Complete. */
export const MIN_PART_SIZE_BYTES: number = 100 * 1024

/** Largest size of a part, and of an object stored by one PutObject, in bytes: 5 GiB. */
export const MAX_PART_SIZE_BYTES: number = 5 * 1024 ** 3

/** Most parts an upload may have; part numbers run from 1 to this. */
export const MAX_PARTS = 10_000

/** Longest key, in bytes of UTF-8. */
export const MAX_KEY_BYTES = 1023

/** Most parts that one ListParts answers. */
export const MAX_LISTED_PARTS = 1000
