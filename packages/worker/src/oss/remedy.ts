import type { ServiceError } from '../protocol/errors.ts'

/** What makes a refused request worth sending again as it is. */
export type Remedy = 'renew-credentials' | 'correct-clock' | 'none'

/**
 * Decides what to do about a refusal.
 *
 * Expired temporary credentials show in three codes (OSS documentation, EC 0002-00000007 and 0002-00000003). A
 * signature that does not match is never one of them: new credentials do not mend it, and asking for them would go on
 * for ever.
 *
 * @param isTemporary whether the request was signed with a security token; only such credentials expire
 */
export function remedyFor(error: ServiceError, isTemporary: boolean): Remedy {
  if (error.status !== 403) return 'none'
  switch (error.serviceCode) {
    case 'SecurityTokenExpired':
    case 'InvalidSecurityToken':
    case 'InvalidAccessKeyId':
      return isTemporary ? 'renew-credentials' : 'none'
    case 'RequestTimeTooSkewed':
      return error.serverTimeMs === undefined ? 'none' : 'correct-clock'
    case '':
      // HEAD has no body, and the CORS rule may hide what stands for it. New credentials are worth one question.
      return isTemporary ? 'renew-credentials' : 'none'
    default:
      return 'none'
  }
}
