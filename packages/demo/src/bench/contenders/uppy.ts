import AwsS3 from '@uppy/aws-s3'
import Uppy from '@uppy/core'
import type { Contender, Destination } from './contender.ts'
import { signUrl } from './sign-url.ts'

const XML = 'application/xml'
const ANY = 'application/octet-stream'

/**
 * Its requests are those of S3, which OSS takes as its own when they are signed so. Files above 100 MiB go in parts, which
 * is its default, and the parts of a file one after another, which is all it does.
 */
export const UPPY: Contender = {
  id: 'uppy',
  name: '@uppy/aws-s3, multipart',
  async prepare(jobs) {
    const destinations = new Map<string, Destination>(
      jobs.map(({ destination }) => [destination.key, destination]),
    )
    const keys = new Map<unknown, string>(jobs.map(({ file, destination }) => [file, destination.key]))
    const uppy = new Uppy<Record<string, unknown>>()
    uppy.use(AwsS3, {
      generateObjectKey: ({ data }) => keys.get(data) ?? '',
      signRequest: async (request) => {
        const destination = destinations.get(request.key)
        if (destination === undefined) throw new Error(`Nobody asked for ${request.key}`)
        const { query, contentType } = shapeOf(request)
        const url = await signUrl(destination, request.method, query, contentType)
        return contentType === undefined ? { url } : { url, headers: { 'content-type': contentType } }
      },
    })
    return {
      async send(onAdded) {
        uppy.addFiles(jobs.map(({ file }) => ({ name: file.name, data: file, source: 'benchmark' })))
        onAdded()
        const result = await uppy.upload()
        const failed = result?.failed ?? []
        if (failed.length > 0) throw new Error(failed[0]?.error ?? 'An upload failed without a word')
        if (result?.successful?.length !== jobs.length) throw new Error('Not all files were uploaded')
      },
      close: () => Promise.resolve(uppy.destroy()),
    }
  },
}

/** Query and type of a request: a part has no type, since its slice has none. */
function shapeOf(request: {
  readonly method: string
  readonly uploadId?: string
  readonly partNumber?: number
  readonly contentType?: string
}): { readonly query: Readonly<Record<string, string>>; readonly contentType?: string } {
  const { method, uploadId, partNumber, contentType = ANY } = request
  if (uploadId !== undefined && partNumber !== undefined) {
    return { query: { partNumber: String(partNumber), uploadId } }
  }
  if (uploadId !== undefined)
    return { query: { uploadId }, ...(method === 'POST' ? { contentType: XML } : {}) }
  return method === 'POST' ? { query: { uploads: '' }, contentType } : { query: {}, contentType }
}
