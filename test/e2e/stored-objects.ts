import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { sha256OfFile } from './source-files.ts'

/** What a line of the access log says, as far as the tests look at it. */
export interface LoggedRequest {
  /** Its line in the log, from 0. */
  readonly index: number
  readonly op: string
  readonly key: string
  readonly partNumber: number | null
  readonly status: number
  readonly bytesIn: number
  readonly accessKeyId: string
}

/** The data folder of a demo, as its user finds it. */
export interface StoredObjects {
  /** SHA-256 of an object. */
  sha256(key: string): Promise<string>
  /** How many requests of an operation there were. */
  count(op: string): Promise<number>
  /** How many lines the log has. */
  length(): Promise<number>
  /** Requests about an object, preflights left out. */
  log(key: string): Promise<readonly LoggedRequest[]>
  /** Parts of an object that were stored before a line of the log, and from there on, once for each time. */
  parts(
    key: string,
    line: number,
  ): Promise<{ readonly before: readonly number[]; readonly after: readonly number[] }>
}

export function openStoredObjects(dataDir: string): StoredObjects {
  const oss = path.join(dataDir, 'oss')
  const readLog = async (): Promise<readonly (LoggedRequest & { readonly method: string })[]> => {
    const text = await readFile(path.join(oss, 'access.jsonl'), 'utf8').catch(() => '')
    const lines = text.split('\n').filter(Boolean)
    return lines.map((line, index) => ({
      ...(JSON.parse(line) as LoggedRequest & { readonly method: string }),
      index,
    }))
  }
  const log: StoredObjects['log'] = async (key) =>
    (await readLog()).filter((request) => request.key === key && request.method !== 'OPTIONS')
  return {
    async sha256(key) {
      const buckets = (await readdir(oss)).filter((name) => name.startsWith('outin-'))
      return sha256OfFile(path.join(oss, buckets[0] ?? '', key))
    },
    async count(op) {
      return (await readLog()).filter((request) => request.op === op).length
    },
    length: async () => (await readLog()).length,
    log,
    async parts(key, line) {
      const parts = (await log(key)).filter(({ op, status }) => op === 'UploadPart' && status === 200)
      const numbersOf = (requests: readonly LoggedRequest[]): readonly number[] =>
        requests.flatMap(({ partNumber }) => partNumber ?? [])
      return {
        before: numbersOf(parts.filter(({ index }) => index < line)),
        after: numbersOf(parts.filter(({ index }) => index >= line)),
      }
    },
  }
}
