import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** One line of the access log. Holds no secret, token or signature. */
export interface AccessLogEntry {
  /** When the request came, ISO 8601. */
  readonly time: string
  readonly requestId: string
  readonly method: string
  /** Operation, '' when the request is none. */
  readonly op: string
  readonly bucket: string
  readonly key: string
  /** Upload named by the request, or begun by it. */
  readonly uploadId: string
  /** `null` for requests that are not about a part. */
  readonly partNumber: number | null
  /** 0 when the connection was dropped before there was an answer. */
  readonly status: number
  /** Error code of the service, '' when it went well. */
  readonly code: string
  /** Bytes of the body that really came. */
  readonly bytesIn: number
  /** '' when the request names none. */
  readonly accessKeyId: string
  /** The connection ended before the answer was out. */
  readonly aborted: boolean
  /** Kinds of the ordered faults that this request met. */
  readonly faults: readonly string[]
}

/** Access log: one JSON line per request. */
export interface AccessLog {
  write(entry: AccessLogEntry): void
  close(): void
}

/**
 * Opens the log for appending. Lines are written synchronously: whoever has the answer finds its line, also
 * after the process was killed.
 */
export function openAccessLog(path: string): AccessLog {
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(path, 'a')
  return {
    write(entry) {
      writeSync(file, `${JSON.stringify(entry)}\n`)
    },
    close() {
      closeSync(file)
    },
  }
}
