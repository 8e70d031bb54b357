import { describe, expect, test } from 'vitest'
import { createClient } from '../testing/client.ts'
import { BUCKET, startServer } from '../testing/running-server.ts'

describe('buckets', () => {
  test('are made, listed, and deleted when empty', async () => {
    const server = await startServer()
    const client = createClient(server)
    expect((await client.send({ method: 'PUT', bucket: 'another' })).status).toBe(200)
    expect((await client.send({ method: 'GET', bucket: '' })).xmlAll('Name')).toEqual(['another', BUCKET])
    const uploadId = await client.initiate('a')
    expect((await client.send({ method: 'DELETE' })).xml('Code')).toBe('BucketNotEmpty')
    await client.send({ method: 'DELETE', key: 'a', query: { uploadId } })
    await client.send({ method: 'PUT', key: 'a', body: 'x' })
    expect((await client.send({ method: 'DELETE' })).xml('Code')).toBe('BucketNotEmpty')
    await client.send({ method: 'DELETE', key: 'a' })
    expect((await client.send({ method: 'DELETE' })).status).toBe(204)
    expect((await client.send({ method: 'GET' })).xml('Code')).toBe('NoSuchBucket')
  })

  test.each(['ab', 'Upper', 'under_score', '-start', 'end-', 'x'.repeat(64)])(
    'cannot be called %s',
    async (bucket) => {
      const server = await startServer()
      const answer = await createClient(server).send({ method: 'PUT', bucket })
      expect([answer.status, answer.xml('Code')]).toEqual([400, 'InvalidBucketName'])
    },
  )

  test('may be public to read', async () => {
    const server = await startServer({ buckets: { [BUCKET]: { acl: 'public-read' } } })
    await createClient(server).send({ method: 'PUT', key: 'a', body: 'x' })
    const url = `${server.url}/${BUCKET}/a`
    expect((await fetch(url)).status).toBe(200)
    expect((await fetch(url, { method: 'PUT', body: 'y' })).status).toBe(403)
    expect((await fetch(`${server.url}/${BUCKET}`)).status).toBe(403)
  })
})
