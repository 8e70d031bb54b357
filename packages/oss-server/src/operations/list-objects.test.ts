import { describe, expect, test } from 'vitest'
import { createClient, type ClientAnswer } from '../testing/client.ts'
import { startServer } from '../testing/running-server.ts'

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
    expect([whole.xmlAll('Key'), whole.xml('MaxKeys')]).toEqual([['a', 'b/1', 'b/2', 'c'], '100'])
    expect(whole.text).not.toContain('NextMarker')
    const grouped = await list({ delimiter: '/' })
    expect([grouped.xmlAll('Key'), grouped.xmlAll('Prefix')]).toEqual([
      ['a', 'c'],
      ['', 'b/'],
    ])
    const first = await list({ 'max-keys': '3' })
    expect([first.xml('IsTruncated'), first.xml('NextMarker')]).toEqual(['true', 'b/2'])
    expect((await list({ marker: 'b/2' })).xmlAll('Key')).toEqual(['c'])
  })

  test('lists by version 2 with tokens', async () => {
    const list = await withObjects()
    const first = await list({ 'list-type': '2', 'max-keys': '3' })
    expect([first.xmlAll('Key'), first.xml('KeyCount'), first.xml('IsTruncated')]).toEqual([
      ['a', 'b/1', 'b/2'],
      '3',
      'true',
    ])
    const token = first.xml('NextContinuationToken') ?? ''
    const second = await list({ 'list-type': '2', 'continuation-token': token })
    expect([second.xmlAll('Key'), second.xml('IsTruncated')]).toEqual([['c'], 'false'])
    expect((await list({ 'list-type': '2', 'start-after': 'b/1' })).xmlAll('Key')).toEqual(['b/2', 'c'])
    expect((await list({ 'list-type': '2', 'continuation-token': '!' })).xml('Code')).toBe('InvalidArgument')
    expect((await list({ 'list-type': '2' })).text).not.toContain('<Owner>')
    expect((await list({ 'list-type': '2', 'fetch-owner': 'true' })).text).toContain('<Owner>')
  })
})
