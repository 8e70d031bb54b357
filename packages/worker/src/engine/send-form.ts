import type { Access } from '../credentials/read-authorization.ts'
import type { BodySource } from '../body/body-source.ts'
import { readCallback, readPostObject } from '../oss/answers.ts'
import { hasCallback, postObject } from '../oss/operations.ts'
import { hasCallbackField } from '../oss/post-object.ts'
import { UploadError } from '../protocol/errors.ts'
import { MAX_PART_SIZE_BYTES } from '../protocol/part-size-limits.ts'
import type { Completed } from './complete.ts'
import { placeOf, storedCrc64, verifyCrc64 } from './multipart.ts'
import type { SendContext } from './send-context.ts'

/** Whether the application gave a signed form in place of keys. */
export async function isForm({ credentials }: SendContext, signal: AbortSignal): Promise<boolean> {
  return (await credentials.current(signal)).authorization.access.kind === 'form'
}

/** Sends a file as a form: in one request, and from the beginning after each interruption. */
export async function sendForm(
  context: SendContext,
  body: BodySource,
  signal: AbortSignal,
): Promise<Completed> {
  const { client, request, takeTurn, onPhase } = context
  const { file, objectHeaders, name } = request
  // (OSS documentation, "PostObject": 5 GB)
  if (file.size > MAX_PART_SIZE_BYTES) {
    throw new UploadError(
      'FILE_TOO_LARGE',
      `"${name}" has ${file.size} bytes; a form takes at most ${MAX_PART_SIZE_BYTES} (5 GiB). Give keys for larger files.`,
    )
  }
  await takeTurn(signal)
  const connection = await client.acquire(signal)
  onPhase('send')
  return client.sendBody(
    (key) => postObject(key, objectHeaders),
    body,
    connection,
    { what: 'PostObject', signal, onBody: (state) => context.onBody(1, state) },
    (sent) => {
      const { crc64, authorization } = sent
      const isCalled = hasCallback(objectHeaders) || hasOwnCallback(authorization.access)
      const response = readPostObject(sent.response, isCalled)
      return {
        place: placeOf(authorization),
        response,
        crc64,
        crc64Verified: verifyCrc64('the object', crc64, storedCrc64(response)),
        callback: readCallback(response, isCalled),
      }
    },
  )
}

/** The application's server may have put a callback of its own into the form. */
function hasOwnCallback(access: Access): boolean {
  return access.kind === 'form' && hasCallbackField(access.fields)
}
