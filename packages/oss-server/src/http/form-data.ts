import { OssError } from './oss-error.ts'
import { fieldItemTooLong, malformedPost, preDataTooLong, secondFile } from './errors.ts'
import { MAX_FORM_FIELDS_BYTES, MAX_FORM_NAME_BYTES, MAX_FORM_VALUE_BYTES } from '../limits.ts'

/** A form up to its file, the content of which is still to come. */
export interface Form {
  /** Fields before the file by their lower-case names. */
  readonly fields: ReadonlyMap<string, string>
  readonly file: FormFile
}

/** The field `file` of a form. */
export interface FormFile {
  /** Without folders, '' when there is none. */
  readonly name: string
  /** As sent, `undefined` when the part has none. */
  readonly contentType: string | undefined
  /**
   * The content, once. Fields after it are read over and do not count.
   *
   * @throws OssError MalformedPOSTRequest, IncorrectNumberOfFilesInPOSTRequest, and what the body throws
   */
  chunks(): AsyncGenerator<Buffer, void>
}

const CRLF = Buffer.from('\r\n')
const BLANK_LINE = Buffer.from('\r\n\r\n')

/** Headers of one part: a name and a file name, with room for what else a client adds. */
const MAX_PART_HEADER_BYTES = MAX_FORM_NAME_BYTES + 8 * 1024

/**
 * Reads a multipart/form-data body (RFC 7578) up to the content of its field `file`, wherever its chunks are cut.
 *
 * Not one of the well-known parsers: they are writable streams that push, hide whether the file part had a
 * Content-Type, cut its parameters off, and pass over parts that they do not understand. The body of a request is
 * pulled here, and each of these has its own answer.
 *
 * @param contentType Content-Type of the request
 * @param chunks the body, of which no more is taken than is needed
 * @throws OssError RequestIsNotMultiPartContent, MalformedPOSTRequest, FieldItemTooLong,
 * MaxPOSTPreDataLengthExceededError, and what `chunks` throws
 */
export async function readForm(
  contentType: string | undefined,
  chunks: AsyncGenerator<Buffer, void>,
): Promise<Form> {
  const delimiter = Buffer.from(`\r\n--${readBoundary(contentType)}`)
  const scanner = createScanner(chunks)
  await skip(scanner.upTo(delimiter))
  const fields = new Map<string, string>()
  let totalBytes = 0
  for (;;) {
    const part = await nextPart(scanner)
    // Without a file.
    if (part === undefined) throw malformedPost()
    const name = part.name.toLowerCase()
    if (name === 'file') {
      return { fields, file: { ...part, name: part.filename, chunks: () => fileChunks(scanner, delimiter) } }
    }
    const value = await collect(scanner.upTo(delimiter), MAX_FORM_VALUE_BYTES, fieldItemTooLong)
    totalBytes += value.length
    if (totalBytes > MAX_FORM_FIELDS_BYTES) throw preDataTooLong()
    fields.set(name, value.toString('utf8'))
  }
}

async function* fileChunks(scanner: Scanner, delimiter: Buffer): AsyncGenerator<Buffer, void> {
  yield* scanner.upTo(delimiter)
  for (;;) {
    const part = await nextPart(scanner)
    if (part === undefined) break
    if (part.name.toLowerCase() === 'file') throw secondFile()
    await skip(scanner.upTo(delimiter))
  }
  await skip(scanner.rest())
}

function readBoundary(contentType: string | undefined): string {
  const [type = '', ...parameters] = (contentType ?? '').split(';')
  if (type.trim().toLowerCase() !== 'multipart/form-data') {
    throw new OssError(
      400,
      'RequestIsNotMultiPartContent',
      'Bucket POST must be of the enclosure-type multipart/form-data.',
    )
  }
  const [, quoted, plain] = /^\s*boundary=(?:"([^"]+)"|([^\s"]+))\s*$/i.exec(
    parameters.find((parameter) => /^\s*boundary=/i.test(parameter)) ?? '',
  ) ?? ['']
  const boundary = quoted ?? plain
  if (boundary === undefined) throw malformedPost()
  return boundary
}

interface Part {
  readonly name: string
  /** Last segment, '' when there is none. */
  readonly filename: string
  readonly contentType: string | undefined
}

/** The next part's headers, just behind a delimiter; `undefined` behind the last one. */
async function nextPart(scanner: Scanner): Promise<Part | undefined> {
  const end = await scanner.take(2)
  if (end.toString('latin1') === '--') return undefined
  if (!end.equals(CRLF)) throw malformedPost()
  const head = await collect(scanner.upTo(BLANK_LINE), MAX_PART_HEADER_BYTES, fieldItemTooLong)
  const headers = new Map<string, string>()
  for (const line of head.toString('utf8').split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon < 1) throw malformedPost()
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  const disposition = headers.get('content-disposition') ?? ''
  const name = dispositionParameter(disposition, 'name')
  if (!/^form-data\s*;/i.test(disposition) || name === undefined) throw malformedPost()
  if (Buffer.byteLength(name) > MAX_FORM_NAME_BYTES) throw fieldItemTooLong()
  return {
    name,
    // Some browsers of old sent the whole path.
    filename: dispositionParameter(disposition, 'filename')?.split(/[/\\]/).at(-1) ?? '',
    contentType: headers.get('content-type'),
  }
}

/** Taken as it is: browsers write a quote as %22, and nothing is decoded (HTML standard, multipart/form-data). */
function dispositionParameter(disposition: string, name: 'name' | 'filename'): string | undefined {
  const [, quoted, plain] = new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^\\s;"]+))`, 'i').exec(disposition) ?? []
  return quoted ?? plain
}

interface Scanner {
  /** The bytes before a delimiter, which is taken too. */
  upTo(delimiter: Buffer): AsyncGenerator<Buffer, void>
  take(count: number): Promise<Buffer>
  rest(): AsyncGenerator<Buffer, void>
}

/** @throws OssError MalformedPOSTRequest when the body ends before what is looked for */
function createScanner(chunks: AsyncGenerator<Buffer, void>): Scanner {
  // A first delimiter at the very beginning has its line end before it like the others.
  let pending: Buffer = CRLF

  const more = async (): Promise<void> => {
    const next = await chunks.next()
    if (next.done === true) throw malformedPost()
    pending = pending.length === 0 ? next.value : Buffer.concat([pending, next.value])
  }
  const cut = (count: number): Buffer => {
    const bytes = pending.subarray(0, count)
    pending = pending.subarray(count)
    return bytes
  }
  return {
    async *upTo(delimiter) {
      for (;;) {
        const found = pending.indexOf(delimiter)
        if (found >= 0) {
          const before = cut(found)
          cut(delimiter.length)
          if (before.length > 0) yield before
          return
        }
        // A delimiter may have begun in the last bytes.
        const tail = pending.indexOf(CRLF[0] ?? 0, Math.max(0, pending.length - delimiter.length + 1))
        const before = cut(tail < 0 ? pending.length : tail)
        if (before.length > 0) yield before
        await more()
      }
    },
    async take(count) {
      while (pending.length < count) await more()
      return cut(count)
    },
    async *rest() {
      if (pending.length > 0) yield cut(pending.length)
      yield* chunks
    },
  }
}

async function collect(
  chunks: AsyncIterable<Buffer>,
  maxBytes: number,
  tooLong: () => OssError,
): Promise<Buffer> {
  const taken: Buffer[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > maxBytes) throw tooLong()
    taken.push(chunk)
  }
  return Buffer.concat(taken)
}

async function skip(chunks: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of chunks) {
    // Thrown away.
  }
}
