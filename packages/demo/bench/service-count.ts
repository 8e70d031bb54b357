export type Operation =
  | 'Preflight'
  | 'InitiateMultipartUpload'
  | 'UploadPart'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'PutObject'
  | 'Other'

/** What a server of measurements saw of a run. */
export interface ServiceFigures {
  /** Without preflights. */
  readonly requests: number
  readonly preflights: number
  readonly operations: Readonly<Partial<Record<Operation, number>>>
  /** Bytes of bodies of files that came, whether in full or not. */
  readonly receivedBytes: number
  /** Bytes of objects that are complete. */
  readonly storedBytes: number
  readonly storedObjects: number
  /** When the first byte of a file came, in milliseconds since the epoch. */
  readonly firstByteAtMs: number | undefined
  /** Requests that were answered by an error. */
  readonly refused: number
  /** Requests that the page broke off. */
  readonly lost: number
  /** Processor time of the server since the start of the run. */
  readonly cpuSeconds: number
}

/** Counts the requests of one run. */
export interface ServiceCount {
  begin(operation: Operation): void
  receive(bytes: number): void
  store(bytes: number): void
  refuse(): void
  lose(): void
  figures(): ServiceFigures
}

export function createServiceCount(): ServiceCount {
  const cpu = process.cpuUsage()
  const operations: Partial<Record<Operation, number>> = {}
  let receivedBytes = 0
  let storedBytes = 0
  let storedObjects = 0
  let refused = 0
  let lost = 0
  let firstByteAtMs: number | undefined
  return {
    begin(operation) {
      operations[operation] = (operations[operation] ?? 0) + 1
    },
    receive(bytes) {
      firstByteAtMs ??= Date.now()
      receivedBytes += bytes
    },
    store(bytes) {
      storedBytes += bytes
      storedObjects += 1
    },
    refuse() {
      refused += 1
    },
    lose() {
      lost += 1
    },
    figures() {
      const { user, system } = process.cpuUsage(cpu)
      const preflights = operations.Preflight ?? 0
      const all = Object.values(operations).reduce((sum, value) => sum + value, 0)
      return {
        requests: all - preflights,
        preflights,
        operations: { ...operations },
        receivedBytes,
        storedBytes,
        storedObjects,
        firstByteAtMs,
        refused,
        lost,
        cpuSeconds: (user + system) / 1e6,
      }
    },
  }
}
