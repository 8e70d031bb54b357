import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createClient, type ClientAnswer, type TestClient } from '../testing/client.ts'
import { BUCKET, startServer } from '../testing/running-server.ts'

function append(client: TestClient, position: number | string, body: string): Promise<ClientAnswer> {
  return client.send({ method: 'POST', key: 'a', query: { append: '', position: String(position) }, body })
}

test('AppendObject grows the object and tells position and CRC-64 of the whole', async () => {
  const server = await startServer()
  const client = createClient(server)
  expect((await append(client, 0, '12345')).headers['x-oss-next-append-position']).toBe('5')
  const second = await append(client, 5, '6789')
  expect(second.headers).toMatchObject({
    'x-oss-next-append-position': '9',
    'x-oss-hash-crc64ecma': '11051210869376104954',
  })
  expect(await readFile(join(server.dir, BUCKET, 'a'), 'utf8')).toBe('123456789')
  const head = await client.send({ method: 'HEAD', key: 'a' })
  expect(head.headers).toMatchObject({ 'x-oss-object-type': 'Appendable', 'x-oss-next-append-position': '9' })
  expect(head.headers['etag']).not.toBe('"25F9E794323B453885F5181F1B624D0B"')
})

test('AppendObject tells the right position when told a wrong one', async () => {
  const server = await startServer()
  const client = createClient(server)
  await append(client, 0, '12345')
  const answer = await append(client, 3, 'x')
  expect([answer.status, answer.xml('Code')]).toEqual([409, 'PositionNotEqualToLength'])
  expect(answer.headers['x-oss-next-append-position']).toBe('5')
})

test('of two appends at once one wins', async () => {
  const server = await startServer()
  const client = createClient(server)
  const answers = await Promise.all([append(client, 0, 'aa'), append(client, 0, 'bb')])
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
  expect((await client.send({ method: 'GET', key: 'a' })).text).toMatch(/^(aa|bb)$/)
})

test('AppendObject refuses an object of another type', async () => {
  const server = await startServer()
  const client = createClient(server)
  await client.send({ method: 'PUT', key: 'a', body: 'x' })
  const answer = await append(client, 1, 'y')
  expect([answer.status, answer.xml('Code')]).toEqual([409, 'ObjectNotAppendable'])
})

test('AppendObject refuses to grow beyond the limit', async () => {
  const server = await startServer({ maxPutBytes: 6 })
  const client = createClient(server)
  await append(client, 0, '12345')
  expect((await append(client, 5, 'xx')).xml('Code')).toBe('EntityTooLarge')
})

describe('AppendObject refuses', () => {
  test.each([
    ['', 'MissingArgument'],
    ['x', 'InvalidArgument'],
    ['-1', 'InvalidArgument'],
  ])('position=%s', async (position, code) => {
    const server = await startServer()
    expect((await append(createClient(server), position, 'x')).xml('Code')).toBe(code)
  })
})
