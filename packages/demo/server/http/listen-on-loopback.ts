import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'

/** A server that this machine alone can reach. */
export interface LoopbackServer {
  readonly port: number
  /** Cuts what is open and frees the port. */
  close(): Promise<void>
}

/**
 * Serves on 127.0.0.1 and, where the machine has IPv6, on ::1, since `localhost` may be either.
 *
 * @param port 0 for any free one
 * @throws the system's error, such as `EADDRINUSE`
 */
export async function listenOnLoopback(handler: RequestListener, port: number): Promise<LoopbackServer> {
  const ipv4 = await listen(handler, port, '127.0.0.1')
  const servers = [ipv4.server]
  try {
    servers.push((await listen(handler, ipv4.port, '::1')).server)
  } catch (error) {
    if (!isWithoutIpv6(error)) {
      await close(ipv4.server)
      throw error
    }
  }
  return {
    port: ipv4.port,
    async close() {
      await Promise.all(servers.map(close))
    },
  }
}

async function listen(
  handler: RequestListener,
  port: number,
  host: string,
): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer(handler)
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  return { server, port: typeof address === 'object' && address !== null ? address.port : port }
}

function isWithoutIpv6(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT')
  )
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
