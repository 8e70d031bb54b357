import { inParallel, MIB } from './contender.ts'
import type { Destination, Job } from './contender.ts'
import { signUrl } from './sign-url.ts'

const PART_BYTES = 8 * MIB
/** What a browser opens to a host over HTTP/1.1. */
const AT_A_TIME = 6

const slots = createSlots(AT_A_TIME)
const fileSlots = createSlots(AT_A_TIME)
const sending: Promise<void>[] = []

/** Files come one by one; nothing at all says that it was the last. */
self.addEventListener('message', ({ data: job }: MessageEvent<Job | undefined>) => {
  if (job === undefined) void answerAtTheEnd()
  else sending.push(fileSlots(() => (job.file.size <= PART_BYTES ? sendWhole(job) : sendParts(job))))
})
self.postMessage('')

async function answerAtTheEnd(): Promise<void> {
  const error = await Promise.all(sending).then(
    () => '',
    (reason: unknown) => String(reason),
  )
  self.postMessage(error)
}

async function sendWhole({ file, destination }: Job): Promise<void> {
  await slots(async () => request('PUT', await signUrl(destination, 'PUT', {}), file))
}

async function sendParts({ file, destination }: Job): Promise<void> {
  const initiated = await request('POST', await signUrl(destination, 'POST', { uploads: '' }), '')
  const uploadId = /<UploadId>(.+)<\/UploadId>/.exec(initiated.responseText)?.[1] ?? ''
  const numbers = Array.from({ length: Math.ceil(file.size / PART_BYTES) }, (_, index) => index + 1)
  const tags = new Map<number, string>()
  await inParallel(AT_A_TIME, numbers, (partNumber) =>
    slots(async () => {
      const slice = file.slice((partNumber - 1) * PART_BYTES, partNumber * PART_BYTES)
      const query = { partNumber: String(partNumber), uploadId }
      const { getResponseHeader } = await request('PUT', await signUrl(destination, 'PUT', query), slice)
      tags.set(partNumber, getResponseHeader('etag'))
    }),
  )
  await complete(destination, uploadId, numbers, tags)
}

async function complete(
  destination: Destination,
  uploadId: string,
  numbers: readonly number[],
  tags: ReadonlyMap<number, string>,
): Promise<void> {
  const parts = numbers.map(
    (number) => `<Part><PartNumber>${number}</PartNumber><ETag>${tags.get(number) ?? ''}</ETag></Part>`,
  )
  const url = await signUrl(destination, 'POST', { uploadId }, 'application/xml')
  const body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
  await request('POST', url, body, 'application/xml')
}

interface Answer {
  readonly responseText: string
  readonly getResponseHeader: (name: string) => string
}

function request(method: string, url: string, body: Blob | string, contentType?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open(method, url)
    if (contentType !== undefined) xhr.setRequestHeader('Content-Type', contentType)
    xhr.addEventListener('error', () => reject(new Error(`${method} got no answer`)))
    xhr.addEventListener('load', () => {
      const { status, responseText } = xhr
      if (status === 200) {
        resolve({ responseText, getResponseHeader: (name) => xhr.getResponseHeader(name) ?? '' })
      } else reject(new Error(`${method} was answered ${status}: ${responseText}`))
    })
    // A body without a type: what has one would be sent, and would have to be signed.
    xhr.send(typeof body === 'string' ? (body === '' ? null : body) : body.slice(0, body.size, ''))
  })
}

/** Lets so many do their work at a time, in the order in which they came. */
function createSlots(count: number): (work: () => Promise<unknown>) => Promise<void> {
  let free = count
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve))
    else free -= 1
    try {
      await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}
