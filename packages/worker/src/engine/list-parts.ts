import { readListParts } from '../oss/answers.ts'
import type { ListedPart } from '../oss/answers.ts'
import { listParts } from '../oss/operations.ts'
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
