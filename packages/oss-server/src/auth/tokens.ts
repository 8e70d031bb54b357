import { createHmac, timingSafeEqual } from 'node:crypto'
import {
  listOf,
  nonEmptyText,
  numberAbove,
  object,
  oneOf,
  optional,
  parseJson,
  text,
  type FieldRules,
  type Rule,
} from '../rules/rule.ts'

import { OPERATION_NAMES, type OperationName } from '../operations/operation.ts'

/** What temporary credentials allow. */
export interface TokenScope {
  readonly bucket: string
  /** Exact keys. */
  readonly keys?: readonly string[]
  /** Beginning of keys. With `keys` also given, a key that fits either is allowed. */
  readonly keyPrefix?: string
  /** Operations refused although key and bucket fit, e.g. `ListParts`. */
  readonly denyOperations?: readonly OperationName[]
}

/** Content of a security token. */
export interface TokenClaims extends TokenScope {
  readonly accessKeyId: string
  readonly expiresAtMs: number
  /** See `TokenSeries`. */
  readonly series: string
}

/** What {@link TokenScope} must be at run time. */
export const tokenScopeRules: FieldRules<TokenScope> = {
  bucket: nonEmptyText,
  keys: optional(listOf(nonEmptyText)),
  keyPrefix: optional(text),
  denyOperations: optional(listOf(oneOf(OPERATION_NAMES))),
}

const claimsRule: Rule<TokenClaims> = object<TokenClaims>({
  ...tokenScopeRules,
  accessKeyId: nonEmptyText,
  expiresAtMs: numberAbove(0, Number.MAX_SAFE_INTEGER),
  series: nonEmptyText,
})

const MAC_BYTES = 32

/** Real tokens begin so; together with the rest it is still valid Base64. */
const PREFIX = 'CAIS'

/**
 * Makes a self-contained token, so that it outlives a restart of the server. Standard Base64: it holds `+`,
 * `/` and `=` now and then, as real ones do, and has to be encoded in a URL.
 *
 * @param serverSecret key of the MAC, kept in the data folder
 */
export function sealToken(serverSecret: Buffer, claims: TokenClaims): string {
  const content = Buffer.from(JSON.stringify(claims), 'utf8')
  return PREFIX + Buffer.concat([macOf(serverSecret, content), content]).toString('base64')
}

/**
 * Opens a token made by {@link sealToken}. Its expiry is not looked at.
 *
 * @returns its content, or `undefined` when this server did not make it
 */
export function openToken(serverSecret: Buffer, token: string): TokenClaims | undefined {
  if (!token.startsWith(PREFIX)) return undefined
  const bytes = Buffer.from(token.slice(PREFIX.length), 'base64')
  if (bytes.length <= MAC_BYTES) return undefined
  const content = bytes.subarray(MAC_BYTES)
  if (!timingSafeEqual(bytes.subarray(0, MAC_BYTES), macOf(serverSecret, content))) return undefined
  return parseJson(content.toString('utf8'), claimsRule, 'token')
}

/** The secret that belongs to a temporary key id: derived, so that nothing has to be stored. */
export function temporarySecret(serverSecret: Buffer, accessKeyId: string): string {
  return createHmac('sha256', serverSecret).update(`secret of ${accessKeyId}`).digest('base64url')
}

function macOf(serverSecret: Buffer, content: Buffer): Buffer {
  return createHmac('sha256', serverSecret).update('token').update(content).digest()
}
