/** Where one file goes, and with which credentials. */
export interface Destination {
  /** With scheme, without the bucket. */
  readonly endpoint: string
  readonly bucket: string
  /** Plain region id, such as `cn-shanghai`. */
  readonly region: string
  readonly key: string
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken: string | undefined
}

/** A file and where it goes. */
export interface Job {
  readonly file: File
  readonly destination: Destination
}

/** One way to upload files. */
export interface Contender {
  readonly id: string
  readonly name: string
  /** Why it does not take part; undefined when it does. */
  readonly skipped?: string | undefined
  /** Loads what it needs before the clock starts. */
  prepare(jobs: readonly Job[]): Promise<Sender>
}

/** A contender that is ready. */
export interface Sender {
  /**
   * Uploads the files.
   *
   * @param onAdded called when all of them are handed over
   * @throws the reason why one of them did not arrive
   */
  send(onAdded: () => void): Promise<unknown>
  /** Ends what it started. */
  close(): Promise<void>
}

export const MIB: number = 1024 ** 2

/** Files that are small enough for one request are sent by so many at a time: what a browser opens to a host. */
export const SMALL_FILES_AT_A_TIME = 6

/**
 * Hands files over in steps, as a page should: the first touch of a picked file costs 0.2 ms of the page's thread, so
 * thousands in one go would freeze it.
 */
export async function addInSteps(jobs: readonly Job[], add: (job: Job) => void): Promise<void> {
  for (const [index, job] of jobs.entries()) {
    add(job)
    if (index % 20 === 19) await new Promise((resolve) => setTimeout(resolve))
  }
}

/** Works on so many at a time. The first failure is thrown at once, and what is under way goes on. */
export async function inParallel<Item>(
  limit: number,
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const rest = items.values()
  const lane = async (): Promise<void> => {
    for (const item of rest) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane))
}
