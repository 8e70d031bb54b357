import { missingFormField } from '../http/errors.ts'
import { badLayout } from './auth-errors.ts'
import { readCredential, type Credentials } from './credentials.ts'
import { ALGORITHM_V4 } from './signature-v4.ts'

/** Fields of a form by their lower-case names. */
type FormFields = ReadonlyMap<string, string>

/** Any of these means that the sender does not want to be anonymous (page PostObject). */
const SIGNING_FIELDS: readonly string[] = [
  'policy',
  'ossaccesskeyid',
  'signature',
  'x-oss-signature-version',
  'x-oss-credential',
  'x-oss-signature',
]

/** Detail codes that the parts of a credential have in forms, by those that they have elsewhere. */
const FORM_EC: Readonly<Record<string, string>> = {
  '0002-00000206': '0002-00000708',
  '0002-00000212': '0002-00000709',
  '0002-00000213': '0002-00000710',
}

/**
 * Finds the credentials in the form of a PostObject. Signatures in its header or URL are not looked at.
 *
 * @param region region of this server; a V4 scope must name it
 * @throws OssError InvalidArgument when a field is missing or its layout is wrong
 */
export function readFormCredentials(fields: FormFields, region: string): Credentials {
  if (!SIGNING_FIELDS.some((name) => fields.has(name))) return { kind: 'anonymous' }
  const isV4 = ['x-oss-signature-version', 'x-oss-credential', 'x-oss-signature'].some((name) =>
    fields.has(name),
  )
  return isV4 ? readV4Form(fields, region) : readV1Form(fields)
}

/** The key id that a form claims, for the access log; '' when it names none. */
export function claimedFormKeyId(fields: FormFields): string {
  return fields.get('ossaccesskeyid') ?? fields.get('x-oss-credential')?.split('/')[0] ?? ''
}

function readV1Form(fields: FormFields): Credentials {
  return {
    kind: 'v1-form',
    accessKeyId: required(fields, 'OSSAccessKeyId', { missing: '0002-00000706', empty: '0002-00000707' }),
    policy: required(fields, 'policy', { missing: '0002-00000702' }),
    signature: required(fields, 'Signature', { missing: '0002-00000703', empty: '0002-00000704' }),
    token: fields.get('x-oss-security-token'),
  }
}

function readV4Form(fields: FormFields, region: string): Credentials {
  const refuse = (message: string, ec?: string): never => {
    throw badLayout(message, FORM_EC[ec ?? ''])
  }
  if (required(fields, 'x-oss-signature-version', {}) !== ALGORITHM_V4) {
    return refuse('Invalid x-oss-signature-version.')
  }
  const { accessKeyId, scope } = readCredential(required(fields, 'x-oss-credential', {}), refuse)
  if (scope.region !== region) return refuse('Invalid signing region in x-oss-credential.')
  if (scope.product !== 'oss') return refuse('Invalid signing product in x-oss-credential.')
  return {
    kind: 'v4-form',
    accessKeyId,
    scope,
    timestamp: required(fields, 'x-oss-date', {}),
    policy: required(fields, 'policy', { missing: '0002-00000702' }),
    signature: required(fields, 'x-oss-signature', { missing: '0002-00000703', empty: '0002-00000704' }),
    token: fields.get('x-oss-security-token'),
  }
}

function required(
  fields: FormFields,
  name: string,
  ec: { readonly missing?: string; readonly empty?: string },
): string {
  const value = fields.get(name.toLowerCase())
  if (value === undefined) throw missingFormField(name, ec.missing)
  if (value === '') throw missingFormField(name, ec.empty)
  return value
}
