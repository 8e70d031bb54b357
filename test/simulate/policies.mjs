import { REFRESH_LEAD_MS } from './engine.mjs'

/** Lives of credentials, in seconds. (VOD documentation, "Upload URLs and credentials"; STS documentation, AssumeRole) */
export const VOD_LIFE_S = 3000
export const STS_LIFE_S = 3600

/** Browsers that share one token in the policy `shared`: a school class. */
export const CLASS_SIZE = 30

/**
 * Who asks whom for credentials.
 *
 * @typedef {object} Policy
 * @property {string} id
 * @property {string} title
 * @property {'file' | 'browser' | 'group' | 'request'} for what one set of credentials is made; `request`: a signature each,
 *   by the application's own server
 * @property {number} lifeS of credentials
 * @property {(expiresAtMs: number, nowMs: number, random: number) => number} renewAtMs
 */

/**
 * @param {import('./engine.mjs').Engine} engine
 * @returns {Record<'expiry' | 'lead' | 'engine' | 'browser' | 'group' | 'request', Policy>}
 */
export function createPolicies({ renewalTime }) {
  /** @type {Policy['renewAtMs']} */
  const byEngine = (expiresAtMs, nowMs, random) =>
    renewalTime({ expiresAtMs, isRefreshable: true }, nowMs, REFRESH_LEAD_MS, random)
  return {
    expiry: {
      id: 'expiry',
      title: 'VOD: a call per file, renewed when they have ended',
      for: 'file',
      lifeS: VOD_LIFE_S,
      renewAtMs: (expiresAtMs) => expiresAtMs,
    },
    lead: {
      id: 'lead',
      title: 'VOD: a call per file, renewed one minute before',
      for: 'file',
      lifeS: VOD_LIFE_S,
      renewAtMs: (expiresAtMs) => expiresAtMs - REFRESH_LEAD_MS,
    },
    engine: {
      id: 'engine',
      title: 'VOD: a call per file, renewed as Sluice does',
      for: 'file',
      lifeS: VOD_LIFE_S,
      renewAtMs: byEngine,
    },
    browser: {
      id: 'browser',
      title: 'STS: a token per user, for all of the files',
      for: 'browser',
      lifeS: STS_LIFE_S,
      renewAtMs: byEngine,
    },
    group: {
      id: 'group',
      title: `STS: a token per ${CLASS_SIZE} users, kept by the server`,
      for: 'group',
      lifeS: STS_LIFE_S,
      renewAtMs: byEngine,
    },
    request: {
      id: 'request',
      title: 'own server signs (`signRequests`), ten at a time',
      for: 'request',
      lifeS: Infinity,
      renewAtMs: () => Infinity,
    },
  }
}
