import { describe, expect, test } from 'vitest'
import { OssError } from '../http/oss-error.ts'
import type { Identity } from './authenticate.ts'
import { authorize, type Access } from './authorize.ts'
import type { TokenScope } from './tokens.ts'

const put: Access = { operation: 'PutObject', bucket: 'media', key: 'up/a', kind: 'write', acl: 'private' }

function temporary(scope: TokenScope): Identity {
  return { kind: 'temporary', accessKeyId: 'STS.a', scope }
}

function isAllowed(identity: Identity, access: Access): boolean {
  try {
    authorize(identity, access)
    return true
  } catch (error) {
    if (error instanceof OssError && error.code === 'AccessDenied') return false
    throw error
  }
}

describe('authorize() holds temporary keys to their scope', () => {
  test.each<[reason: string, scope: TokenScope, access: Partial<Access>, expected: boolean]>([
    ['the whole bucket', { bucket: 'media' }, {}, true],
    ['the whole bucket, on the bucket itself', { bucket: 'media' }, { key: undefined }, true],
    ['another bucket', { bucket: 'other' }, {}, false],
    ['a listed key', { bucket: 'media', keys: ['x', 'up/a'] }, {}, true],
    ['a key that is not listed', { bucket: 'media', keys: ['up/ab', 'up'] }, {}, false],
    ['no key at all', { bucket: 'media', keys: [] }, {}, false],
    ['a key with the prefix', { bucket: 'media', keyPrefix: 'up/' }, {}, true],
    ['a key without the prefix', { bucket: 'media', keyPrefix: 'down/' }, {}, false],
    ['a key with the prefix further on', { bucket: 'media', keyPrefix: 'p/' }, {}, false],
    ['keys or prefix, either fits', { bucket: 'media', keys: ['x'], keyPrefix: 'up/' }, {}, true],
    ['a prefix, on the bucket itself', { bucket: 'media', keyPrefix: '' }, { key: undefined }, false],
    ['a denied operation', { bucket: 'media', denyOperations: ['PutObject'] }, {}, false],
    ['another operation than the denied one', { bucket: 'media', denyOperations: ['ListParts'] }, {}, true],
  ])('%s', (_, scope, access, expected) => {
    expect(isAllowed(temporary(scope), { ...put, ...access })).toBe(expected)
  })
})

describe('authorize() holds anonymous requests to the ACL', () => {
  test.each<[access: Partial<Access>, expected: boolean]>([
    [{ acl: 'private', kind: 'read' }, false],
    [{ acl: 'public-read', kind: 'read' }, true],
    [{ acl: 'public-read', kind: 'write' }, false],
    [{ acl: 'public-read-write', kind: 'write' }, true],
    [{ acl: 'public-read-write', kind: 'read', key: undefined }, false],
  ])('%j', (access, expected) => {
    expect(isAllowed({ kind: 'anonymous' }, { ...put, ...access })).toBe(expected)
  })
})

test('authorize() lets permanent keys do everything', () => {
  expect(isAllowed({ kind: 'permanent', accessKeyId: 'a' }, { ...put, key: undefined })).toBe(true)
})
