import { describe, expect, test } from 'vitest'
import { createClient, type ClientAnswer } from '../testing/client.ts'
import { startServer } from '../testing/running-server.ts'

describe('ListMultipartUploads', () => {
  async function listing(query: Record<string, string>): Promise<ClientAnswer> {
    const server = await startServer()
    const client = createClient(server)
    for (const key of ['b/2', 'a', 'b/1', 'c']) await client.initiate(key)
    return client.send({ method: 'GET', query: { uploads: '', ...query } })
  }

  test('lists by key', async () => {
    const answer = await listing({})
    expect(answer.xmlAll('Key')).toEqual(['a', 'b/1', 'b/2', 'c'])
    expect([answer.xml('MaxUploads'), answer.xml('IsTruncated')]).toEqual(['1000', 'false'])
  })

  test('groups and selects', async () => {
    const grouped = await listing({ delimiter: '/' })
    expect([grouped.xmlAll('Key'), grouped.xmlAll('Prefix')]).toEqual([
      ['a', 'c'],
      ['', 'b/'],
    ])
    expect((await listing({ prefix: 'b/' })).xmlAll('Key')).toEqual(['b/1', 'b/2'])
    expect((await listing({ 'key-marker': 'b/1' })).xmlAll('Key')).toEqual(['b/2', 'c'])
    expect((await listing({ 'upload-id-marker': 'FFFF' })).xmlAll('Key')).toHaveLength(4)
  })

  test('gives pages that together are all uploads, also of one key', async () => {
    const server = await startServer()
    const client = createClient(server)
    const ids: string[] = []
    for (const key of ['k', 'k', 'k', 'l', 'k']) ids.push(await client.initiate(key))
    const seen: string[] = []
    let markers: Record<string, string> = {}
    for (let isTruncated = true; isTruncated;) {
      const answer = await client.send({
        method: 'GET',
        query: { uploads: '', 'max-uploads': '2', ...markers },
      })
      seen.push(...answer.xmlAll('UploadId'))
      isTruncated = answer.xml('IsTruncated') === 'true'
      markers = {
        'key-marker': answer.xml('NextKeyMarker') ?? '',
        'upload-id-marker': answer.xml('NextUploadIdMarker') ?? '',
      }
    }
    expect(seen.toSorted()).toEqual(ids.toSorted())
  })

  test('encodes what encoding-type covers', async () => {
    const server = await startServer()
    const client = createClient(server)
    await client.initiate('a b/\u0001')
    const query = { uploads: '', prefix: 'a b', 'encoding-type': 'url' }
    const answer = await client.send({ method: 'GET', query })
    expect([answer.xml('Prefix'), answer.xml('Key'), answer.xml('NextKeyMarker')]).toEqual([
      'a%20b',
      'a%20b%2F%01',
      'a%20b%2F%01',
    ])
  })
})
