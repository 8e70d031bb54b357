/**
 * Limits of the service, from "Limits" and "Multipart upload" of the OSS documentation
 * (https://www.alibabacloud.com/help/en/oss/user-guide/limits). Those of a part's size are the page's too:
 * `protocol/part-size-limits.ts`.
 */

/** Most parts an upload may have; part numbers run from 1 to this. */
export const MAX_PARTS = 10_000

/** Longest key, in bytes of UTF-8. */
export const MAX_KEY_BYTES = 1023

/** Most parts that one ListParts answers. */
export const MAX_LISTED_PARTS = 1000
