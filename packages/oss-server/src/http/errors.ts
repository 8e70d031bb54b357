/**
 * The errors that operations give, with the service's texts and detail codes.
 * Source: pages HTTP status codes and error codes, and the EC pages of the API troubleshooting site.
 */

import { OssError } from './oss-error.ts'
import { toXmlTime } from './time.ts'

/** 400 InvalidArgument about a named argument. */
export function invalidArgument(message: string, name: string, value: string, ec?: string): OssError {
  return new OssError(400, 'InvalidArgument', message, {
    ...(ec !== undefined && { ec }),
    fields: [
      ['ArgumentName', name],
      ['ArgumentValue', value],
    ],
  })
}

/** 400 InvalidBucketName. */
export function invalidBucketName(bucket: string): OssError {
  return new OssError(400, 'InvalidBucketName', 'The specified bucket is not valid.', {
    fields: [['BucketName', bucket]],
  })
}

/** 400 InvalidObjectName: empty, too long, leading slash, not UTF-8. */
export function invalidObjectName(): OssError {
  return new OssError(400, 'InvalidObjectName', 'The specified object is not valid.')
}

/** 404 NoSuchBucket. */
export function noSuchBucket(bucket: string): OssError {
  return new OssError(404, 'NoSuchBucket', 'The specified bucket does not exist.', {
    ec: '0015-00000101',
    fields: [['BucketName', bucket]],
  })
}

/** 404 NoSuchKey. */
export function noSuchKey(key: string): OssError {
  return new OssError(404, 'NoSuchKey', 'The specified key does not exist.', {
    ec: '0026-00000001',
    fields: [['Key', key]],
  })
}

const NO_SUCH_UPLOAD_EC = {
  UploadPart: '0042-00000104',
  UploadPartCopy: '0042-00000311',
  CompleteMultipartUpload: '0042-00000203',
  AbortMultipartUpload: '0042-00000002',
  ListParts: '0042-00000002',
} as const

/** 404 NoSuchUpload; the detail code tells the operation. */
export function noSuchUpload(operation: keyof typeof NO_SUCH_UPLOAD_EC, uploadId: string): OssError {
  return new OssError(
    404,
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { ec: NO_SUCH_UPLOAD_EC[operation], fields: [['UploadId', uploadId]] },
  )
}

/** 400 InvalidPart about one entry of a Complete list. */
export function invalidPart(uploadId: string, partNumber: number, etag: string): OssError {
  return new OssError(
    400,
    'InvalidPart',
    "One or more of the specified parts could not be found or the specified entity tag might not have matched the part's entity tag.",
    {
      fields: [
        ['ETag', etag],
        ['PartNumber', String(partNumber)],
        ['UploadId', uploadId],
      ],
    },
  )
}

/** 400 InvalidPartOrder: not ascending, or a number twice. */
export function invalidPartOrder(): OssError {
  return new OssError(400, 'InvalidPartOrder', 'The list of parts was not in ascending order.', {
    ec: '0042-00000209',
  })
}

/** 400 EntityTooSmall: a part before the last one is below 100 KB, or a file below the range of its policy. */
export function entityTooSmall(what: 'part' | 'file'): OssError {
  return new OssError(400, 'EntityTooSmall', 'Your proposed upload smaller than the minimum allowed size.', {
    ...(what === 'part' && { ec: '0042-00000213' }),
  })
}

/** 400 EntityTooLarge. */
export function entityTooLarge(): OssError {
  return new OssError(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size.')
}

/** 400 InvalidArgument about the part number. */
export function invalidPartNumber(value: string): OssError {
  return invalidArgument(
    'Part number must be an integer between 1 and 10000, inclusive.',
    'partNumber',
    value,
    '0017-00000220',
  )
}

/** 400 InvalidDigest; one code for a malformed and for a wrong Content-MD5. */
export function invalidDigest(reason: 'malformed' | 'mismatch'): OssError {
  return new OssError(400, 'InvalidDigest', 'The Content-MD5 you specified was invalid.', {
    ec: reason === 'malformed' ? '0017-00000502' : '0017-00000503',
  })
}

/** 400 MalformedXML. */
export function malformedXml(): OssError {
  return new OssError(
    400,
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema.',
    { ec: '0042-00000205' },
  )
}

/** 400 MissingArgument. */
export function missingArgument(name: string): OssError {
  return new OssError(400, 'MissingArgument', 'Missing Some Required Arguments.', {
    ec: '0016-00000502',
    fields: [['ArgumentName', name]],
  })
}

/** 400 NotImplemented, about a header or (in the same element) a query name. */
export function notImplemented(header: string): OssError {
  return new OssError(
    400,
    'NotImplemented',
    'A header you provided implies functionality that is not implemented.',
    { fields: [['Header', header]] },
  )
}

/** 405 MethodNotAllowed. */
export function methodNotAllowed(method: string, resourceType: 'SERVICE' | 'BUCKET' | 'OBJECT'): OssError {
  return new OssError(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    ec: '0017-00000001',
    fields: [
      ['Method', method],
      ['ResourceType', resourceType],
    ],
  })
}

/** 400 MalformedPOSTRequest: not a form, or a form without a file. */
export function malformedPost(): OssError {
  return new OssError(
    400,
    'MalformedPOSTRequest',
    'The body of your POST request is not well-formed multipart/form-data.',
    { ec: '0006-00000104' },
  )
}

/** 400 FieldItemTooLong: name or value of a form field. */
export function fieldItemTooLong(): OssError {
  return new OssError(400, 'FieldItemTooLong', 'Post form fields items too large')
}

/** 400 MaxPOSTPreDataLengthExceededError: the fields before the file, together. */
export function preDataTooLong(): OssError {
  return new OssError(
    400,
    'MaxPOSTPreDataLengthExceededError',
    'Your POST request fields preceding the upload file were too large.',
    { ec: '0006-00000112' },
  )
}

/** 400 IncorrectNumberOfFilesInPOSTRequest. */
export function secondFile(): OssError {
  return new OssError(
    400,
    'IncorrectNumberOfFilesInPOSTRequest',
    'POST requires exactly one file upload per request.',
  )
}

/** 400 InvalidArgument: a form lacks a field, or has it after the file, where it does not count. */
export function missingFormField(name: string, ec?: string): OssError {
  return invalidArgument(
    `Bucket POST must contain the field '${name}'. If it is specified, please check the order of the fields`,
    name,
    '',
    ec,
  )
}

/** 400 InvalidPolicyDocument. */
export function invalidPolicy(reason: string): OssError {
  return new OssError(400, 'InvalidPolicyDocument', `Invalid Policy: ${reason}`)
}

/** 411 MissingContentLength. */
export function missingContentLength(): OssError {
  return new OssError(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.')
}

/** 400 IncompleteBody: the connection ended before Content-Length bytes had come. */
export function incompleteBody(): OssError {
  return new OssError(
    400,
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header.',
  )
}

/** 400 RequestTimeout: no byte of the body came for too long. */
export function requestTimeout(): OssError {
  return new OssError(
    400,
    'RequestTimeout',
    'Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.',
  )
}

/** 409 FileAlreadyExists: forbid-overwrite met an existing object. */
export function fileAlreadyExists(): OssError {
  return new OssError(
    409,
    'FileAlreadyExists',
    'The object you specified already exists and can not be overwritten.',
  )
}

/** 409 PositionNotEqualToLength; the right position is in a header. */
export function positionNotEqualToLength(nextPosition: number): OssError {
  return new OssError(409, 'PositionNotEqualToLength', 'Position is not equal to file length', {
    ec: '0026-00000016',
    headers: { 'x-oss-next-append-position': String(nextPosition) },
  })
}

/** 409 ObjectNotAppendable. */
export function objectNotAppendable(): OssError {
  return new OssError(409, 'ObjectNotAppendable', 'The object is not appendable.')
}

/** 409 PartAlreadyExist: a part of a sequential upload is sent again or out of turn. */
export function partAlreadyExist(): OssError {
  return new OssError(409, 'PartAlreadyExist', 'The specified part already exists.')
}

/** 412 PreconditionFailed. */
export function preconditionFailed(): OssError {
  return new OssError(
    412,
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold.',
  )
}

/** 416 InvalidRange. */
export function invalidRange(sizeBytes: number): OssError {
  return new OssError(416, 'InvalidRange', 'The requested range cannot be satisfied.', {
    headers: { 'content-range': `bytes */${sizeBytes}` },
  })
}

/** 403 AccessDenied. */
export function accessDenied(message: string, ec?: string): OssError {
  return new OssError(403, 'AccessDenied', message, { ...(ec !== undefined && { ec }) })
}

/** 403 AccessDenied of an expired URL. */
export function urlExpired(expiresAtMs: number, nowMs: number): OssError {
  return new OssError(403, 'AccessDenied', 'Request has expired.', {
    ec: '0002-00000069',
    fields: [
      ['Expires', toXmlTime(expiresAtMs)],
      ['ServerTime', toXmlTime(nowMs)],
    ],
  })
}

/** 403 AccessForbidden: no CORS rule for a preflight. The spelling is the service's. */
export function corsForbidden(): OssError {
  return new OssError(
    403,
    'AccessForbidden',
    "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Requet-Headers are not whitelisted by the resource's CORS spec.",
  )
}

/** 400 BadRequest: a preflight lacks one of its two headers. */
export function incompletePreflight(missing: 'Origin' | 'Access-Control-Request-Method'): OssError {
  return new OssError(
    400,
    'BadRequest',
    `Insufficient information. ${missing === 'Origin' ? 'Origin request' : `Request ${missing}`} header needed.`,
  )
}

/** 409 BucketNotEmpty: objects or parts of open uploads are left. */
export function bucketNotEmpty(bucket: string): OssError {
  return new OssError(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty.', {
    fields: [['BucketName', bucket]],
  })
}

/** 500 InternalError. */
export function internalError(cause: unknown): OssError {
  return new OssError(
    500,
    'InternalError',
    'Please contact the server administrator, oss@service.aliyun.com.',
    { cause },
  )
}
