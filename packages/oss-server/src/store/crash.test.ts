import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { createClient, type TestClient } from '../testing/client.ts'
import { listAllFiles } from '../testing/files.ts'
import { startServer, temporaryFolder } from '../testing/running-server.ts'

/**
 * Crashes, one at each change of the disk: from a chosen step on every call of the file system fails, as if the
 * process had been killed there, clean-up included. Then a new server is started on what is left.
 */
const crash = vi.hoisted(() => ({
  steps: 0,
  at: Number.POSITIVE_INFINITY,
  step(): void {
    this.steps += 1
    if (this.steps >= this.at) throw new Error('crashed here, on purpose')
  },
}))

vi.mock(import('node:fs/promises'), async (importOriginal) => {
  const actual = await importOriginal()
  const guarded =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      crash.step()
      return call(...args)
    }
  const guardHandle = (handle: FileHandle): FileHandle => {
    const write = handle.write.bind(handle)
    Object.assign(handle, { write: guarded(write) })
    return handle
  }
  return {
    ...actual,
    mkdir: guarded(actual.mkdir) as typeof actual.mkdir,
    rename: guarded(actual.rename),
    rm: guarded(actual.rm),
    rmdir: guarded(actual.rmdir),
    writeFile: guarded(actual.writeFile),
    open: guarded(async (...args: Parameters<typeof actual.open>) => guardHandle(await actual.open(...args))),
  }
})

/** Runs a task with a crash at each of its steps in turn, checking after each what a new server finds. */
async function crashAtEachStep(scenario: {
  readonly prepare: (client: TestClient) => Promise<string>
  /** Does what is to crash. @returns the status of the answer */
  readonly act: (client: TestClient, prepared: string) => Promise<number>
  readonly check: (client: TestClient, prepared: string, wasAnswered: boolean) => Promise<void>
}): Promise<number> {
  const silent = { onInternalError: () => undefined, minPartBytes: 0 }
  for (let at = 1; ; at += 1) {
    const dir = await temporaryFolder()
    const server = await startServer({ dir, ...silent })
    const prepared = await scenario.prepare(createClient(server))
    Object.assign(crash, { steps: 0, at })
    const status = await scenario.act(createClient(server), prepared)
    const hasCrashed = crash.steps >= at
    crash.at = Number.POSITIVE_INFINITY
    await server.close()

    const restarted = await startServer({ dir, ...silent })
    await scenario.check(createClient(restarted), prepared, status < 300)
    expect(await listAllFiles(join(dir, '.sluice/staging'))).toEqual([])
    await restarted.close()
    if (!hasCrashed) return at - 1
  }
}

function etagOf(body: string): string {
  return `"${createHash('md5').update(body).digest('hex').toUpperCase()}"`
}

/** The object's content, seen to be what its ETag says. */
async function contentOf(client: TestClient, key: string): Promise<string | undefined> {
  const answer = await client.send({ method: 'GET', key })
  if (answer.status === 404) return undefined
  expect(answer.status).toBe(200)
  const isMultipart = answer.headers['x-oss-object-type'] === 'Multipart'
  expect(isMultipart || answer.headers['etag'] === etagOf(answer.text)).toBe(true)
  return answer.text
}

test('PutObject over another object: the old one or the new one, whole', async () => {
  const steps = await crashAtEachStep({
    prepare: async (client) => {
      await client.send({ method: 'PUT', key: 'a/b', body: 'old content' })
      return ''
    },
    act: async (client) => (await client.send({ method: 'PUT', key: 'a/b', body: 'new' })).status,
    check: async (client, _, wasAnswered) => {
      const content = await contentOf(client, 'a/b')
      expect(wasAnswered ? ['new'] : ['old content', 'new']).toContain(content)
    },
  })
  expect(steps).toBeGreaterThan(4)
})

test('DeleteObject: the object, or none', async () => {
  await crashAtEachStep({
    prepare: async (client) => {
      await client.send({ method: 'PUT', key: 'a/b', body: 'content' })
      return ''
    },
    act: async (client) => (await client.send({ method: 'DELETE', key: 'a/b' })).status,
    check: async (client, _, wasAnswered) => {
      expect(wasAnswered ? [undefined] : [undefined, 'content']).toContain(await contentOf(client, 'a/b'))
    },
  })
})

test('UploadPart: parts that were answered for stay, also when one is sent again', async () => {
  const steps = await crashAtEachStep({
    prepare: async (client) => {
      const uploadId = await client.initiate('a')
      await client.putPart('a', uploadId, 1, 'first')
      await client.putPart('a', uploadId, 2, 'secon')
      return uploadId
    },
    act: async (client, uploadId) => (await client.putPart('a', uploadId, 1, 'again')).status,
    check: async (client, uploadId, wasAnswered) => {
      const listed = await client.send({ method: 'GET', key: 'a', query: { uploadId } })
      const etags = [...listed.text.matchAll(/<ETag>([^<]*)</g)].map(([, etag = '']) =>
        etag.replaceAll('&quot;', '"'),
      )
      expect(etags).toHaveLength(2)
      expect((await client.complete('a', uploadId, { 1: etags[0] ?? '', 2: etags[1] ?? '' })).status).toBe(
        200,
      )
      const content = await contentOf(client, 'a')
      expect(wasAnswered ? ['againsecon'] : ['firstsecon', 'againsecon']).toContain(content)
    },
  })
  expect(steps).toBeGreaterThan(2)
})

describe('CompleteMultipartUpload: the whole object, or the upload with all its parts', () => {
  test.each<[reason: string, bodies: readonly string[]]>([
    ['renamed, when the parts are of one size', ['aaaaa', 'bbbbb', 'cc']],
    ['copied, when they are not', ['aaaaa', 'bb', 'ccccc']],
  ])('%s', async (_, bodies) => {
    const etags = Object.fromEntries(bodies.map((body, index) => [index + 1, etagOf(body)]))
    const steps = await crashAtEachStep({
      prepare: async (client) => {
        await client.send({ method: 'PUT', key: 'a', body: 'old' })
        const uploadId = await client.initiate('a')
        for (const [index, body] of bodies.entries()) await client.putPart('a', uploadId, index + 1, body)
        return uploadId
      },
      act: async (client, uploadId) => (await client.complete('a', uploadId, etags)).status,
      check: async (client, uploadId, wasAnswered) => {
        const content = await contentOf(client, 'a')
        expect(wasAnswered ? [bodies.join('')] : ['old', bodies.join('')]).toContain(content)
        const again = await client.complete('a', uploadId, etags)
        expect(again.status).toBe(content === 'old' ? 200 : 404)
        expect(await contentOf(client, 'a')).toBe(bodies.join(''))
      },
    })
    expect(steps).toBeGreaterThan(4)
  })
})

test('InitiateMultipartUpload and AbortMultipartUpload: an upload, or none', async () => {
  await crashAtEachStep({
    prepare: async (client) => client.initiate('a'),
    act: async (client, uploadId) => {
      await client.initiate('b')
      return (await client.send({ method: 'DELETE', key: 'a', query: { uploadId } })).status
    },
    check: async (client, uploadId, wasAnswered) => {
      const listed = await client.send({ method: 'GET', query: { uploads: '' } })
      expect(listed.status).toBe(200)
      expect(wasAnswered && listed.text.includes(uploadId)).toBe(false)
    },
  })
})
