import { describe, expect, test } from 'vitest'
import { createClient, type ClientAnswer } from '../testing/client.ts'
import { BUCKET, startServer } from '../testing/running-server.ts'

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5)

function all(answer: ClientAnswer, name: string): string[] {
  return [...answer.text.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) => text)
}

test('ListParts tells number, time, ETag, CRC-64 and size of each part', async () => {
  const server = await startServer({ now: () => NOW })
  const client = createClient({ ...server, now: () => NOW })
  const uploadId = await client.initiate('a')
  await client.putPart('a', uploadId, 7, '123456789')
  const answer = await client.send({ method: 'GET', key: 'a', query: { uploadId } })
  expect(answer.headers['content-type']).toBe('application/xml')
  expect(answer.text).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<ListPartsResult>' +
      `<Bucket>${BUCKET}</Bucket><Key>a</Key><UploadId>${uploadId}</UploadId><StorageClass>Standard</StorageClass>` +
      '<PartNumberMarker>0</PartNumberMarker><NextPartNumberMarker>7</NextPartNumberMarker>' +
      '<MaxParts>1000</MaxParts><IsTruncated>false</IsTruncated>' +
      '<Part><PartNumber>7</PartNumber><LastModified>2026-01-02T03:04:05.000Z</LastModified>' +
      '<ETag>&quot;25F9E794323B453885F5181F1B624D0B&quot;</ETag>' +
      '<HashCrc64ecma>11051210869376104954</HashCrc64ecma><Size>9</Size></Part></ListPartsResult>\n',
  )
})

test('ListParts of an upload without parts has no Part', async () => {
  const server = await startServer()
  const client = createClient(server)
  const uploadId = await client.initiate('a')
  const answer = await client.send({ method: 'GET', key: 'a', query: { uploadId } })
  expect([answer.xml('NextPartNumberMarker'), all(answer, 'PartNumber')]).toEqual(['0', []])
})

test('ListParts gives pages that together are all parts, ascending', async () => {
  const server = await startServer()
  const client = createClient(server)
  const uploadId = await client.initiate('a')
  for (const number of [5, 1, 9, 3, 7]) await client.putPart('a', uploadId, number, 'x')
  const pages: string[][] = []
  let marker = '0'
  for (let isTruncated = true; isTruncated;) {
    const query = { uploadId, 'max-parts': '2', 'part-number-marker': marker }
    const answer = await client.send({ method: 'GET', key: 'a', query })
    expect(answer.xml('PartNumberMarker')).toBe(marker)
    pages.push(all(answer, 'PartNumber'))
    isTruncated = answer.xml('IsTruncated') === 'true'
    marker = answer.xml('NextPartNumberMarker') ?? ''
  }
  expect(pages).toEqual([['1', '3'], ['5', '7'], ['9']])
})

describe('ListParts refuses', () => {
  test.each([
    ['max-parts', '0'],
    ['max-parts', '1001'],
    ['max-parts', 'x'],
    ['part-number-marker', 'x'],
    ['encoding-type', 'utf8'],
  ])('%s=%s', async (name, value) => {
    const server = await startServer()
    const client = createClient(server)
    const uploadId = await client.initiate('a')
    const answer = await client.send({ method: 'GET', key: 'a', query: { uploadId, [name]: value } })
    expect([answer.status, answer.xml('Code'), answer.xml('ArgumentName')]).toEqual([
      400,
      'InvalidArgument',
      name,
    ])
  })
})

describe('ListMultipartUploads', () => {
  async function listing(query: Record<string, string>): Promise<ClientAnswer> {
    const server = await startServer()
    const client = createClient(server)
    for (const key of ['b/2', 'a', 'b/1', 'c']) await client.initiate(key)
    return client.send({ method: 'GET', query: { uploads: '', ...query } })
  }

  test('lists by key', async () => {
    const answer = await listing({})
    expect(all(answer, 'Key')).toEqual(['a', 'b/1', 'b/2', 'c'])
    expect([answer.xml('MaxUploads'), answer.xml('IsTruncated')]).toEqual(['1000', 'false'])
  })

  test('groups and selects', async () => {
    const grouped = await listing({ delimiter: '/' })
    expect([all(grouped, 'Key'), all(grouped, 'Prefix')]).toEqual([
      ['a', 'c'],
      ['', 'b/'],
    ])
    expect(all(await listing({ prefix: 'b/' }), 'Key')).toEqual(['b/1', 'b/2'])
    expect(all(await listing({ 'key-marker': 'b/1' }), 'Key')).toEqual(['b/2', 'c'])
    expect(all(await listing({ 'upload-id-marker': 'FFFF' }), 'Key')).toHaveLength(4)
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
      seen.push(...all(answer, 'UploadId'))
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

describe('GetBucket', () => {
  async function withObjects(): Promise<(query: Record<string, string>) => Promise<ClientAnswer>> {
    const server = await startServer()
    const client = createClient(server)
    for (const key of ['a', 'b/1', 'b/2', 'c']) await client.send({ method: 'PUT', key, body: 'x' })
    return (query) => client.send({ method: 'GET', query })
  }

  test('lists objects with prefix, delimiter, marker and pages', async () => {
    const list = await withObjects()
    const whole = await list({})
    expect([all(whole, 'Key'), whole.xml('MaxKeys')]).toEqual([['a', 'b/1', 'b/2', 'c'], '100'])
    expect(whole.text).not.toContain('NextMarker')
    const grouped = await list({ delimiter: '/' })
    expect([all(grouped, 'Key'), all(grouped, 'Prefix')]).toEqual([
      ['a', 'c'],
      ['', 'b/'],
    ])
    const first = await list({ 'max-keys': '3' })
    expect([first.xml('IsTruncated'), first.xml('NextMarker')]).toEqual(['true', 'b/2'])
    expect(all(await list({ marker: 'b/2' }), 'Key')).toEqual(['c'])
  })

  test('lists by version 2 with tokens', async () => {
    const list = await withObjects()
    const first = await list({ 'list-type': '2', 'max-keys': '3' })
    expect([all(first, 'Key'), first.xml('KeyCount'), first.xml('IsTruncated')]).toEqual([
      ['a', 'b/1', 'b/2'],
      '3',
      'true',
    ])
    const token = first.xml('NextContinuationToken') ?? ''
    const second = await list({ 'list-type': '2', 'continuation-token': token })
    expect([all(second, 'Key'), second.xml('IsTruncated')]).toEqual([['c'], 'false'])
    expect(all(await list({ 'list-type': '2', 'start-after': 'b/1' }), 'Key')).toEqual(['b/2', 'c'])
    expect((await list({ 'list-type': '2', 'continuation-token': '!' })).xml('Code')).toBe('InvalidArgument')
    expect((await list({ 'list-type': '2' })).text).not.toContain('<Owner>')
    expect((await list({ 'list-type': '2', 'fetch-owner': 'true' })).text).toContain('<Owner>')
  })
})

describe('buckets', () => {
  test('are made, listed, and deleted when empty', async () => {
    const server = await startServer()
    const client = createClient(server)
    expect((await client.send({ method: 'PUT', bucket: 'another' })).status).toBe(200)
    expect(all(await client.send({ method: 'GET', bucket: '' }), 'Name')).toEqual(['another', BUCKET])
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
