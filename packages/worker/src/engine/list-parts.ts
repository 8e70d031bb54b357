import { readListParts } from '../oss/answers.ts'
import type { ListedPart } from '../oss/answers.ts'
import { listParts } from '../oss/operations.ts'
import { isUploadError } from '../protocol/errors.ts'
import { remedyFor } from '../retry/remedy.ts'
import { UploadGone } from './send-context.ts'
import type { SendContext } from './send-context.ts'

/** All pages of ListParts. */
export async function listAllParts(
  { client }: Pick<SendContext, 'client'>,
  uploadId: string,
  signal: AbortSignal,
): Promise<readonly ListedPart[]> {
  const parts: ListedPart[] = []
  let marker: number | undefined = 0
  while (marker !== undefined) {
    const from: number = marker
    const page = await client.call(
      (key) => listParts(key, uploadId, from),
      undefined,
      { what: 'ListParts', kind: 'query', signal },
      ({ response }) => readListParts(response),
    )
    parts.push(...page.parts)
    marker = page.nextMarker
  }
  return parts
}

/** The same for an upload that was open a moment ago. @throws {UploadGone} when the service does not know it any more */
export async function listOpenParts(
  context: Pick<SendContext, 'client'>,
  uploadId: string,
  signal: AbortSignal,
): Promise<readonly ListedPart[]> {
  try {
    return await listAllParts(context, uploadId, signal)
  } catch (error) {
    if (isUploadError(error) && remedyFor(error) === 'restart-upload')
      throw new UploadGone('The service does not know the upload any more', { cause: error })
    throw error
  }
}
