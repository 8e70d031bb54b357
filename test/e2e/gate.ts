import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** A door before a server: connections go through it, and large bodies can be held at it. */
export interface Gate {
  readonly port: number
  /** Holds each connection once it has carried so many bytes to the server; small requests pass. */
  hold(bytesPerConnection: number): void
  /** Lets everything through again. */
  release(): void
  close(): Promise<void>
}

/** Opens a gate to a port of this machine. */
export async function openGate(targetPort: number): Promise<Gate> {
  const clients = new Set<Socket>()
  let limitBytes = Infinity

  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1')
    clients.add(client)
    client.on('data', (chunk) => {
      target.write(chunk)
      if (client.bytesRead >= limitBytes) client.pause()
    })
    client.on('error', () => target.destroy())
    client.on('close', () => {
      clients.delete(client)
      target.destroy()
    })
    target.on('error', () => client.destroy())
    target.pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    port: (server.address() as AddressInfo).port,
    hold(bytesPerConnection) {
      limitBytes = bytesPerConnection
    },
    release() {
      limitBytes = Infinity
      for (const client of clients) client.resume()
    },
    async close() {
      for (const client of clients) client.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
