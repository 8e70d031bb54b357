import { createServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { listenOnLoopback } from './listen-on-loopback.ts'

const sayHello: Parameters<typeof listenOnLoopback>[0] = (_, response) => response.end('hello')

test('listenOnLoopback() answers on localhost and on 127.0.0.1, and no more after close()', async () => {
  const server = await listenOnLoopback(sayHello, 0)
  for (const host of ['localhost', '127.0.0.1']) {
    expect(await (await fetch(`http://${host}:${server.port}`)).text()).toBe('hello')
  }
  await server.close()
  await expect(fetch(`http://127.0.0.1:${server.port}`)).rejects.toThrow('fetch failed')
})

test('listenOnLoopback() rejects when the port is taken, and leaves nothing open', async () => {
  const other = createServer().listen(0, '::1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  await expect(listenOnLoopback(sayHello, port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow('fetch failed')
  other.close()
})
