import { describe, expect, test } from 'vitest'
import { createClient } from '../testing/client.ts'
import { BUCKET, startServer } from '../testing/running-server.ts'

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5)

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
  expect([answer.xml('NextPartNumberMarker'), answer.xmlAll('PartNumber')]).toEqual(['0', []])
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
    pages.push(answer.xmlAll('PartNumber'))
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
