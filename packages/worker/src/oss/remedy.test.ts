import { expect, test } from 'vitest'
import { ServiceError } from '../protocol/errors.ts'
import { remedyFor } from './remedy.ts'

const refusal = (serviceCode: string, status = 403, serverTimeMs?: number): ServiceError =>
  new ServiceError('x', { status, serviceCode, ec: '', requestId: '', serverTimeMs, retryAfterMs: undefined })

test.each([
  ['an expired token', refusal('SecurityTokenExpired'), true, 'renew-credentials'],
  ['a token the service does not know any more', refusal('InvalidSecurityToken'), true, 'renew-credentials'],
  ['a temporary key that is gone', refusal('InvalidAccessKeyId'), true, 'renew-credentials'],
  ['a permanent key that is wrong', refusal('InvalidAccessKeyId'), false, 'none'],
  ['a signature that does not match, never a refresh loop', refusal('SignatureDoesNotMatch'), true, 'none'],
  ['a refusal that does not say why, as of HEAD', refusal(''), true, 'renew-credentials'],
  ['a policy that does not allow it', refusal('AccessDenied'), true, 'none'],
  ['a wrong clock', refusal('RequestTimeTooSkewed', 403, 5), true, 'correct-clock'],
  ['a wrong clock, without the right one', refusal('RequestTimeTooSkewed'), true, 'none'],
  ['the same code with another status', refusal('SecurityTokenExpired', 400), true, 'none'],
])('remedyFor() %s', (_, error, isTemporary, remedy) => {
  expect(remedyFor(error, isTemporary)).toBe(remedy)
})
