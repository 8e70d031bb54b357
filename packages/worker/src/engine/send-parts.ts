import type { BodySource } from '../body/body-source.ts'
import { coalesceWrites } from '../checkpoint/coalesce-writes.ts'
import { uploadPart } from '../oss/operations.ts'
import { fitPartSize } from '../adapt/part-size.ts'
import { changeFrom, countParts, currentPartSize, partAt } from '../plan/layout.ts'
import type { Part } from '../plan/layout.ts'
import { isUploadError } from '../protocol/errors.ts'
import { remedyFor } from '../retry/remedy.ts'
import type { Release } from './connection-budget.ts'
import { storedCrc64, storedEtag, verifyCrc64 } from './multipart.ts'
import type { MultipartUpload } from './multipart.ts'
import { UploadGone } from './send-context.ts'
import type { SendContext } from './send-context.ts'
import { writeCheckpoint } from './write-checkpoint.ts'

/**
 * Sends what is missing. The first failure stops the other parts, and all have ended when this returns.
 *
 * @throws {UploadGone} when the service does not know the upload any more
 */
export async function sendParts(
  context: SendContext,
  multipart: MultipartUpload,
  signal: AbortSignal,
): Promise<void> {
  const { client, request, settings, ports } = context
  const failure = new AbortController()
  const partSignal = AbortSignal.any([signal, failure.signal])
  const record = coalesceWrites(() => writeCheckpoint(context, multipart))

  const fail = (error: unknown): void => {
    const isGone = isUploadError(error) && remedyFor(error) === 'restart-upload'
    failure.abort(
      isGone ? new UploadGone('The service does not know the upload any more', { cause: error }) : error,
    )
  }

  /** Settles the size of a part, and makes its body. */
  const open = async (partNumber: number): Promise<{ readonly part: Part; readonly body: BodySource }> => {
    if (planPart(context, multipart, partNumber, bodies.size + 1)) await record()
    const part = partAt(multipart.layout, partNumber, multipart.sizeBytes)
    return { part, body: ports.bodies.make(request.file.slice(part.start, part.end), partSignal) }
  }

  const sendBody = async (
    { partNumber, start, end }: Part,
    body: BodySource,
    connection: Release,
  ): Promise<void> => {
    const what = `part ${partNumber} of ${countParts(multipart.layout, multipart.sizeBytes)}`
    const part = await client.sendBody(
      (key) => uploadPart(key, multipart.uploadId, partNumber),
      body,
      connection,
      {
        what: `PUT ${what}`,
        signal: partSignal,
        onBody: (state) => context.onBody(partNumber, state),
      },
      ({ response, crc64 }) => {
        const verified = verifyCrc64(what, crc64, storedCrc64(response))
        return { partNumber, sizeBytes: end - start, crc64, etag: storedEtag(response), verified }
      },
    )
    multipart.done.set(partNumber, part)
  }

  /** Bodies on their way, those included that are attempted again in a while. */
  const bodies = new Set<Promise<void>>()

  /** The next part goes out while the checkpoint of this one is being written. */
  const sendPart = async (part: Part, body: BodySource, connection: Release): Promise<void> => {
    const sent = sendBody(part, body, connection)
    bodies.add(sent)
    try {
      await sent.finally(() => bodies.delete(sent))
      await record()
      multipart.recordedBytes += part.end - part.start
    } catch (error) {
      fail(error)
    } finally {
      context.onBody(part.partNumber, undefined)
    }
  }

  const sends: Promise<void>[] = []
  try {
    for (let partNumber = 1; partNumber <= countParts(multipart.layout, multipart.sizeBytes); partNumber++) {
      if (multipart.done.has(partNumber)) continue
      // What is read ahead is read while the parts before it are sent; what is not gets its size as late as can be.
      const ahead = ports.bodies.readAhead ? await open(partNumber) : undefined
      while (bodies.size >= settings.parallelParts) await Promise.race(bodies)
      const connection = await client.acquire(partSignal)
      try {
        const { part, body } = ahead ?? (await open(partNumber))
        sends.push(sendPart(part, body, connection))
      } catch (error) {
        connection()
        throw error
      }
    }
  } catch (error) {
    fail(error)
  }
  await Promise.all(sends)
  partSignal.throwIfAborted()
}

/**
 * Chooses the size of a part that is not yet planned, unless the caller has.
 *
 * @param parallelParts parts of the file that are under way, with this one: few while other files are sent as well
 * @returns whether the layout has changed: a page that goes on has to know it before the part is there
 */
function planPart(
  { sending, request, memory, ports }: SendContext,
  multipart: MultipartUpload,
  partNumber: number,
  parallelParts: number,
): boolean {
  const { layout, plannedParts, sizeBytes } = multipart
  if (partNumber <= plannedParts) return false
  multipart.plannedParts = partNumber
  if (request.partSizeBytes !== undefined || memory.origin === undefined) return false
  const currentBytes = currentPartSize(layout)
  const restBytes = sizeBytes - partAt(layout, partNumber, sizeBytes).start
  const chosenBytes = Math.min(
    sending.nextPartSize(memory.origin, currentBytes),
    ports.bodies.largestPartBytes,
  )
  const nextBytes = fitPartSize(chosenBytes, restBytes, partNumber - 1, parallelParts)
  if (nextBytes === currentBytes) return false
  multipart.layout = changeFrom(layout, partNumber, nextBytes)
  return true
}
