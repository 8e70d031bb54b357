import { describe, expect, test } from 'vitest'
import { isServiceError, isUploadError, ServiceError, UploadError } from './errors.ts'
import { fromWireError, settle, toUploadError, toWireError, unsettle } from './wire-error.ts'

/** Through structured clone, as `postMessage` does it. */
const cross = (error: unknown): Error => fromWireError(structuredClone(toWireError(error)))

describe('an error that crosses a thread', () => {
  test('keeps class, code, message and cause', () => {
    const error = cross(new UploadError('NETWORK', 'no answer', { cause: new TypeError('inner') }))
    expect(isUploadError(error)).toBe(true)
    expect(error).toMatchObject({
      code: 'NETWORK',
      message: 'no answer',
      cause: { name: 'TypeError', message: 'inner' },
    })
  })

  test('keeps what the service answered', () => {
    const answer = {
      status: 404,
      serviceCode: 'NoSuchUpload',
      ec: '0042-00000203',
      requestId: 'R',
      serverTimeMs: 5,
      retryAfterMs: 6,
    }
    const error = cross(new ServiceError('gone', answer))
    expect(isServiceError(error)).toBe(true)
    expect(error).toMatchObject({ code: 'SERVICE_ERROR', message: 'gone', ...answer })
  })

  test('keeps name, message and stack of an unknown one', () => {
    const original = new RangeError('odd')
    expect(cross(original)).toMatchObject({ name: 'RangeError', message: 'odd', stack: original.stack })
  })

  test.each([undefined, null, 'text', 7])('takes %j, which is no error', (thrown) => {
    expect(cross(thrown).message).toBe(String(thrown))
  })

  test('ends a circle of causes', () => {
    const error = new Error('round')
    error.cause = error
    expect(cross(new UploadError('UNEXPECTED', 'x', { cause: error })).message).toBe('x')
  })
})

test('toUploadError() makes UNEXPECTED of what is none, with it as the cause', () => {
  const cause = new TypeError('x is not a function')
  expect(toUploadError(cause)).toMatchObject({ code: 'UNEXPECTED', cause })
})

test('settle() and unsettle() carry a value', async () => {
  expect(unsettle(await settle(() => 7))).toBe(7)
})

test('settle() and unsettle() carry an error', async () => {
  const settled = await settle(() => Promise.reject(new UploadError('TIMEOUT', 'late')))
  expect(() => unsettle(settled)).toThrow(expect.objectContaining({ code: 'TIMEOUT' }))
})
