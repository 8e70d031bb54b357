/**
 * What the page checks a forced part size with, from "Limits" of the OSS documentation
 * (https://www.alibabacloud.com/help/en/oss/user-guide/limits). The other limits are of the worker alone: `oss/limits.ts`.
 */

/** Smallest size of a part other than the last, in bytes: 100 KiB. OSS checks it only at Complete. */
export const MIN_PART_SIZE_BYTES: number = 100 * 1024

/** Largest size of a part, and of an object stored by one PutObject, in bytes: 5 GiB. */
export const MAX_PART_SIZE_BYTES: number = 5 * 1024 ** 3
