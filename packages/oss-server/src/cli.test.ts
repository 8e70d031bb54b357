import { createHash } from 'node:crypto'
import { watch } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseCli } from './cli-options.ts'
import { buildCli, runCli, startCli, type BuiltCli } from './testing/built-cli.ts'
import { createClient } from './testing/client.ts'
import { BUCKET, readLog, temporaryFolder } from './testing/running-server.ts'

let cli: BuiltCli
beforeAll(async () => {
  cli = await buildCli()
}, 30_000)
afterAll(() => cli.remove())

describe('parseCli()', () => {
  test('has defaults for everything', () => {
    expect(parseCli([])).toEqual({ kind: 'run', options: { dir: '.data/oss', buckets: {} } })
  })

  test('reads all flags', () => {
    const args = '--port 1 --dir d --host 0.0.0.0 --region cn-beijing --bucket one --bucket two --control'
    expect(parseCli(args.split(' '))).toEqual({
      kind: 'run',
      options: {
        port: 1,
        dir: 'd',
        host: '0.0.0.0',
        region: 'cn-beijing',
        buckets: { one: {}, two: {} },
        control: true,
      },
    })
  })

  test.each([
    [['--prot', '1'], "Unknown option '--prot'"],
    [['--port', 'x'], '--port must be a number, got x'],
    [['--port'], "Option '--port <value>' argument missing"],
    [['folder'], "Unexpected argument 'folder'"],
  ])('refuses %j', (args, message) => {
    expect(parseCli(args)).toMatchObject({ kind: 'refused', message: expect.stringContaining(message) })
  })
})

describe('the command', () => {
  test('shows its help', async () => {
    const running = runCli(cli, ['--help'])
    expect(await running.ended()).toBe(0)
    expect(running.output()).toMatch(/--port NUMBER[^]*--bucket NAME/)
  })

  test.each([
    [['--prot'], "oss-server: Unknown option '--prot'"],
    [['--port', '70000'], 'oss-server: port must be an integer from 0 to 65535, got 70000'],
    [['--port', '0', '--bucket', 'Bad'], 'oss-server: buckets must be named by 3 to 63'],
  ])('refuses %j with a plain message', async (args, message) => {
    const running = runCli(cli, args)
    expect(await running.ended()).toBe(1)
    expect(running.output()).toContain(message)
    expect(running.output()).not.toContain('    at ')
  })

  test('starts, tells where, serves, and stops at a signal', async () => {
    const dir = await temporaryFolder()
    const server = await startCli(cli, ['--dir', dir, '--bucket', BUCKET])
    expect(server.output()).toContain('LTAI5tSluiceLocalOnly')
    expect((await createClient(server).send({ method: 'PUT', key: 'a', body: 'x' })).status).toBe(200)
    server.child.kill('SIGTERM')
    expect(await server.ended()).toBe(0)
    expect(await readLog(dir)).toMatchObject([{ op: 'PutObject', status: 200 }])
  })

  test('tells that its port is taken, and leaves the folder of the other server alone', async () => {
    const dir = await temporaryFolder()
    const first = await startCli(cli, ['--dir', dir, '--bucket', BUCKET])
    const client = createClient(first)
    const uploadId = await client.initiate('a')
    const second = runCli(cli, ['--port', new URL(first.url).port, '--dir', dir])
    expect(await second.ended()).toBe(1)
    expect(second.output()).toContain('address already in use')
    expect((await client.putPart('a', uploadId, 1, 'x')).status).toBe(200)
  })
})

describe('kill -9', () => {
  const BODIES = ['a', 'b', 'c', 'd'].map((char) => char.repeat(102_400))
  const etagOf = (body: string): string => `"${createHash('md5').update(body).digest('hex').toUpperCase()}"`
  const ETAGS = Object.fromEntries(BODIES.map((body, index) => [index + 1, etagOf(body)]))

  test('within parts: those that were answered for are there', async () => {
    const dir = await temporaryFolder()
    const server = await startCli(cli, ['--dir', dir, '--bucket', BUCKET])
    const client = createClient(server)
    const uploadId = await client.initiate('a')
    const answered = new Set<number>()
    const sending = BODIES.map(async (body, index) => {
      const answer = await client.putPart('a', uploadId, index + 1, body).catch(() => undefined)
      if (answer?.status === 200) answered.add(index + 1)
    })
    await Promise.race(sending)
    server.child.kill('SIGKILL')
    await Promise.all([...sending, server.ended()])
    expect(answered.size).toBeGreaterThan(0)

    const again = createClient(await startCli(cli, ['--dir', dir]))
    const listed = await again.send({ method: 'GET', key: 'a', query: { uploadId } })
    for (const number of answered) expect(listed.text).toContain(`<PartNumber>${number}</PartNumber>`)
    for (const [index, body] of BODIES.entries()) await again.putPart('a', uploadId, index + 1, body)
    expect((await again.complete('a', uploadId, ETAGS)).status).toBe(200)
    expect((await again.send({ method: 'GET', key: 'a' })).text).toBe(BODIES.join(''))
  })

  test('within Complete: the whole object, or the upload with all its parts', async () => {
    const dir = await temporaryFolder()
    for (const key of ['one', 'two', 'three', 'four']) {
      const server = await startCli(cli, ['--dir', dir, '--bucket', BUCKET])
      const client = createClient(server)
      const uploadId = await client.initiate(key)
      for (const [index, body] of BODIES.entries()) await client.putPart(key, uploadId, index + 1, body)
      const changes = watch(join(dir, '.sluice/staging'))[Symbol.asyncIterator]()
      const completing = client.complete(key, uploadId, ETAGS).catch(() => undefined)
      // The first change is the object's record being written: the middle of Complete.
      await changes.next()
      await changes.return?.()
      server.child.kill('SIGKILL')
      const [answer] = await Promise.all([completing, server.ended()])

      const restarted = await startCli(cli, ['--dir', dir])
      const again = createClient(restarted)
      const got = await again.send({ method: 'GET', key })
      expect(got.status === 404 && answer?.status === 200).toBe(false)
      const repeated = await again.complete(key, uploadId, ETAGS)
      expect(repeated.status).toBe(got.status === 404 ? 200 : 404)
      expect((await again.send({ method: 'GET', key })).text).toBe(BODIES.join(''))
      restarted.child.kill('SIGTERM')
      await restarted.ended()
    }
  })
})
