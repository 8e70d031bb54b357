import { claimedFormKeyId } from '../auth/form-credentials.ts'
import { entityTooLarge, invalidArgument, missingContentLength, missingFormField } from './errors.ts'
import type { BodyReader } from './body-reader.ts'
import { readForm, type Form } from './form-data.ts'
import type { RequestHeaders } from './headers.ts'
import type { Incoming } from './incoming.ts'
import { OssError } from './oss-error.ts'

/** The form of a PostObject, read up to its file. */
export type PostedForm =
  | { readonly kind: 'form'; readonly form: Form }
  | { readonly kind: 'unreadable'; readonly error: OssError }

/**
 * Reads the form of a PostObject up to its file: the key, the key id and the token are in there, and faults are
 * ordered by key.
 *
 * @param maxBytes largest body
 * @returns the request with what the form tells. A form that cannot be read is told by {@link Incoming.posted}
 */
export async function withPostedForm(
  incoming: Incoming,
  body: BodyReader,
  maxBytes: number,
): Promise<Incoming> {
  try {
    if (body.declaredBytes === undefined || !incoming.headers.has('content-length')) {
      throw missingContentLength()
    }
    if (body.declaredBytes > maxBytes) throw entityTooLarge()
    const form = await readForm(incoming.headers.get('content-type'), body.chunks())
    const key = form.fields.get('key')?.replaceAll('${filename}', () => form.file.name)
    if (key === undefined) throw missingFormField('key')
    return {
      ...incoming,
      target: { ...incoming.target, key },
      accessKeyId: claimedFormKeyId(form.fields),
      token: form.fields.get('x-oss-security-token') ?? '',
      posted: { kind: 'form', form },
    }
  } catch (error) {
    if (!(error instanceof OssError)) throw error
    return { ...incoming, posted: { kind: 'unreadable', error } }
  }
}

/**
 * The fields of a form as the headers that they stand for. A field left empty stands for none.
 *
 * @throws OssError InvalidArgument when a value cannot be in a header
 */
export function headersOfForm({ fields, file }: Form): RequestHeaders {
  for (const [name, value] of fields) {
    // oxlint-disable-next-line no-control-regex -- control characters are the ones to be refused
    if (!/^[\w!#$%&'*+.^`|~:-]+$/.test(name) || /[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) {
      throw invalidArgument('The form field is not valid.', name, value)
    }
  }
  const headers = new Map(
    [...fields].map(([name, value]) => [name, value.trim()] as const).filter(([, value]) => value !== ''),
  )
  // In this order of precedence (page PostObject, x-oss-content-type).
  const contentType = headers.get('x-oss-content-type') ?? file.contentType ?? headers.get('content-type')
  return contentType === undefined ? headers : headers.set('content-type', contentType)
}
