import { describe, expect, test } from 'vitest'
import { parseQuery } from '../http/query.ts'
import { headersOf } from '../testing/vectors.ts'
import { classify } from './operation.ts'

type Where = 'service' | 'bucket' | 'object'

function name(method: string, where: Where, query: string, headers = {}): string {
  const target = {
    bucket: where === 'service' ? undefined : 'bucket',
    key: where === 'object' ? 'key' : undefined,
    query: parseQuery(query) ?? [],
    rawPath: '',
  }
  const classified = classify(method, target, headersOf(headers))
  if (classified.kind === 'unknown') return classified.error.code
  return classified.kind === 'preflight' ? 'Preflight' : classified.operation
}

describe('classify() finds the operation', () => {
  test.each<[method: string, where: Where, query: string, expected: string]>([
    ['OPTIONS', 'object', 'partNumber=1&uploadId=A', 'Preflight'],
    ['GET', 'service', '', 'ListBuckets'],
    ['PUT', 'service', '', 'MethodNotAllowed'],
    ['PUT', 'bucket', '', 'PutBucket'],
    ['DELETE', 'bucket', '', 'DeleteBucket'],
    ['POST', 'bucket', '', 'PostObject'],
    ['POST', 'bucket', 'delete', 'NotImplemented'],
    ['POST', 'service', '', 'MethodNotAllowed'],
    ['GET', 'bucket', 'prefix=a', 'ListObjects'],
    ['GET', 'bucket', 'list-type=2', 'ListObjectsV2'],
    ['GET', 'bucket', 'uploads', 'ListMultipartUploads'],
    ['PATCH', 'bucket', '', 'MethodNotAllowed'],
    ['PUT', 'object', '', 'PutObject'],
    ['PUT', 'object', 'partNumber=1&uploadId=A', 'UploadPart'],
    ['PUT', 'object', 'partNumber=1', 'MissingArgument'],
    ['PUT', 'object', 'uploadId=A', 'MissingArgument'],
    ['POST', 'object', 'uploads', 'InitiateMultipartUpload'],
    ['POST', 'object', 'uploadId=A', 'CompleteMultipartUpload'],
    ['POST', 'object', 'append&position=0', 'AppendObject'],
    ['POST', 'object', '', 'MethodNotAllowed'],
    ['GET', 'object', '', 'GetObject'],
    ['GET', 'object', 'uploadId=A', 'ListParts'],
    ['HEAD', 'object', '', 'HeadObject'],
    ['HEAD', 'object', 'objectMeta', 'HeadObject'],
    ['DELETE', 'object', '', 'DeleteObject'],
    ['DELETE', 'object', 'uploadId=A', 'AbortMultipartUpload'],
    ['GET', 'object', 'acl', 'GetObjectAcl'],
    ['GET', 'object', 'tagging', 'GetObjectTagging'],
    ['PUT', 'object', 'acl', 'NotImplemented'],
    ['PUT', 'object', 'tagging', 'NotImplemented'],
    ['GET', 'bucket', 'acl', 'NotImplemented'],
    ['GET', 'bucket', 'cors', 'NotImplemented'],
  ])('%s %s ?%s is %s', (method, where, query, expected) => {
    expect(name(method, where, query)).toBe(expected)
  })
})

test('classify() tells copies by their header', () => {
  const copy = { 'x-oss-copy-source': '/a/b' }
  expect(name('PUT', 'object', 'partNumber=1&uploadId=A', copy)).toBe('UploadPartCopy')
  expect(name('PUT', 'object', '', copy)).toBe('NotImplemented')
})
