/**
 * The decisions of the engine that the simulation asks. They are handed in, since Node runs them from what `tsc -b` built,
 * and tests from their source.
 *
 * @typedef {Pick<typeof import('../../packages/worker/src/credentials/renewal.ts'), 'renewalTime' | 'nextRenewalTime'>
 *   & Pick<typeof import('../../packages/worker/src/credentials/ask-again.ts'), 'ASKING'>
 *   & Pick<typeof import('../../packages/worker/src/retry/retry-policy.ts'), 'backoffMs'>
 *   & Pick<typeof import('../../packages/worker/src/plan/plan-parts.ts'), 'planUpload'>
 *   & Pick<typeof import('../../packages/worker/src/adapt/part-size.ts'), 'choosePartSize'>} Engine
 */

/** `refreshLeadMs` when the application sets none, in milliseconds. */
export const REFRESH_LEAD_MS = 60_000

/** `credentialsTimeoutMs` when the application sets none, in seconds. */
export const CREDENTIALS_TIMEOUT_S = 30

/** Requests that the engine has signed at a time by `signRequests`. */
export const SIGNED_AT_A_TIME = 10
