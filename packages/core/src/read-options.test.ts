import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { readContentType, readOptions, readPartSize, readPriority } from './read-options.ts'
import type { UploaderOptions } from './options.ts'

const getCredentials = async (): Promise<unknown> => ({})
const read = (options: Record<string, unknown>, cores = 4): ReturnType<typeof readOptions> =>
  readOptions({ getCredentials, ...options }, cores)

describe('readOptions()', () => {
  test('fills in the documented defaults', () => {
    expect(read({})).toEqual({
      page: {
        authorization: { kind: 'credentials', getCredentials },
        credentialsTimeoutMs: 30_000,
        workerTimeoutMs: 8000,
        worker: { kind: 'default' },
      },
      engine: {
        authorization: { kind: 'credentials' },
        parallelParts: 6,
        parallelFiles: 6,
        connectionsPerHost: 6,
        maxWorkers: 3,
        maxBytesPerSecond: undefined,
        signatureVersion: 'v4',
        checksum: 'crc64',
        maxAttempts: 6,
        stallTimeoutMs: 60_000,
        silenceTimeoutMs: 30_000,
        requestTimeoutMs: 30_000,
        completeTimeoutMs: 180_000,
        refreshLeadMs: 60_000,
        namespace: '',
        checkpointMaxAgeMs: 604_800_000,
      },
    })
  })

  test.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [64, 3],
  ])('with %i cores uses up to %i workers', (cores, workers) => {
    expect(read({}, cores).engine.maxWorkers).toBe(workers)
  })

  test.each([
    ['workerUrl', '/sluice.js', { kind: 'url', url: '/sluice.js' }],
    ['createWorker', getCredentials, { kind: 'factory', create: getCredentials }],
  ])('takes %s', (name, value, worker) => {
    expect(read({ [name]: value }).page.worker).toEqual(worker)
  })

  test.each([
    ['no getCredentials', { getCredentials: undefined }, 'getCredentials must be a function, got undefined'],
    ['a getCredentials that is none', { getCredentials: 'x' }, 'getCredentials must be a function, got "x"'],
    ['an unknown signature', { signatureVersion: 'v2' }, `signatureVersion must be 'v4' or 'v1', got "v2"`],
    [
      'no connection',
      { connectionsPerHost: 0 },
      'connectionsPerHost must be an integer from 1 to 100, got 0',
    ],
    ['half a part', { parallelParts: 1.5 }, 'parallelParts must be an integer from 1 to 100, got 1.5'],
    [
      'a text for a number',
      { parallelFiles: '6' },
      'parallelFiles must be an integer from 1 to 100, got "6"',
    ],
    ['no attempt', { maxAttempts: 0 }, 'maxAttempts must be an integer from 1 to 100, got 0'],
    ['too many workers', { maxWorkers: 17 }, 'maxWorkers must be an integer from 1 to 16, got 17'],
    ['seconds for milliseconds', { stallTimeoutMs: 60 }, 'stallTimeoutMs must be an integer from 1000'],
    ['a time beyond timers', { requestTimeoutMs: 2 ** 31 }, 'requestTimeoutMs must be an integer from 1000'],
    ['a namespace that is no text', { namespace: 7 }, 'namespace must be a string, got 7'],
    ['an age of seconds', { checkpointMaxAgeMs: 7 }, 'checkpointMaxAgeMs must be an integer from 60000'],
    ['two ways to a worker', { workerUrl: '/w.js', createWorker: getCredentials }, 'exclude each other'],
    ['a workerUrl that is none', { workerUrl: 7 }, 'workerUrl must be a string or a URL, got 7'],
  ])('refuses %s', (_, options, words) => {
    expect(() => read(options)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(words) }),
    )
  })

  test('refuses no options at all', () => {
    expect(() => readOptions(null as unknown as UploaderOptions, 1)).toThrow(
      'options must be an object, got null',
    )
  })
})

describe('the doc comments tell of each option that is a number', async () => {
  const source = await readFile(new URL('./options.ts', import.meta.url), 'utf8')
  const told = [
    ...source.matchAll(/@range (\S+) to (\S+)\s.*?@defaultValue (\S+).*?readonly (\w+)\?: number/gs),
  ]
  const { page, engine } = read({})
  const defaults: Readonly<Record<string, unknown>> = { ...page, ...engine }

  /** How it is taken: one of the uploader, or one of an upload. */
  const take = (name: string, value: number): unknown => {
    if (name === 'partSizeBytes') return readPartSize(value)
    if (name === 'priority') return readPriority(value)
    return read({ [name]: value })
  }

  test('all of them', () => {
    expect(told.map(([, , , , name]) => name)).toHaveLength(source.match(/\?: number$/gm)?.length ?? 0)
  })

  test.each(told.map(([, least, most, , name]) => [name ?? '', Number(least), Number(most)] as const))(
    '%s: the range, %i to %i',
    (name, least, most) => {
      expect(() => [least, most].map((value) => take(name, value))).not.toThrow()
      for (const value of [least - 1, most + 1])
        expect(() => take(name, value)).toThrow(`${name} must be an integer from ${least} to ${most}`)
    },
  )

  test.each(
    told
      .map(([, , , value, name]) => [name ?? '', Number(value)] as const)
      .filter(([name, value]) => name in defaults && !Number.isNaN(value)),
  )('%s: the default, %i', (name, value) => {
    expect(defaults[name]).toBe(value)
  })
})

describe('readPartSize()', () => {
  test.each([undefined, 102_400, 8 * 1024 ** 2, 5 * 1024 ** 3])('takes %s', (size) => {
    expect(readPartSize(size)).toBe(size)
  })

  test.each([0, 102_399, 5 * 1024 ** 3 + 1, 200_000.5, NaN])('refuses %s', (size) => {
    expect(() => readPartSize(size)).toThrow(
      `partSizeBytes must be an integer from 102400 to 5368709120, got ${JSON.stringify(size)}`,
    )
  })
})

describe('readContentType()', () => {
  test.each(['', 'video/mp4', ' text/plain; charset=utf-8 '])('takes %j', (type) => {
    expect(readContentType(type)).toBe(type.trim())
  })

  test.each(['video/影片', 'a\nb'])('refuses %j, which no header can hold', (type) => {
    expect(() => readContentType(type)).toThrow('contentType must be printable ASCII')
  })
})
