import type { OssRequest } from '../oss/oss-request.ts'
import { countParts } from '../plan/layout.ts'
import type { MultipartUpload } from './multipart.ts'

/** The same request for the next parts that are missing: what will be sent after a part. */
export function partsAhead(
  multipart: MultipartUpload | undefined,
  request: OssRequest,
  count: number,
): readonly OssRequest[] {
  const partNumber = Number(request.query['partNumber'] ?? NaN)
  if (multipart === undefined || Number.isNaN(partNumber)) return []
  const ahead: OssRequest[] = []
  const last = countParts(multipart.layout, multipart.sizeBytes)
  for (let next = partNumber + 1; next <= last && ahead.length < count; next++) {
    if (multipart.done.has(next)) continue
    ahead.push({ ...request, query: { ...request.query, partNumber: String(next) } })
  }
  return ahead
}
