import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'

/** A TCP connection, for what no HTTP client would send. */
export interface RawSocket {
  write(text: string): void
  /** Closes the sending side only. */
  end(): void
  /** All that came until the other side closed or reset the connection. */
  readonly received: Promise<{ readonly text: string; readonly isReset: boolean }>
  /** Waits until that text has come. */
  until(text: string): Promise<void>
  /** Ends the connection with a reset. */
  reset(): void
}

/** Connects to a server. */
export async function openSocket(url: string): Promise<RawSocket> {
  const { hostname, port } = new URL(url)
  const socket: Socket = connect(Number(port), hostname)
  onTestFinished(() => {
    socket.destroy()
  })
  let text = ''
  let isReset = false
  socket.setEncoding('utf8')
  socket.on('data', (chunk) => {
    text += String(chunk)
  })
  socket.on('error', () => {
    isReset = true
  })
  await once(socket, 'connect')
  // Not `once()`, which rejects when the connection is reset.
  const received = new Promise<{ readonly text: string; readonly isReset: boolean }>((resolve) => {
    socket.on('close', () => resolve({ text, isReset }))
  })
  return {
    write: (bytes) => void socket.write(bytes),
    end: () => void socket.end(),
    reset: () => void socket.resetAndDestroy(),
    received,
    async until(wanted) {
      while (!text.includes(wanted)) await Promise.race([once(socket, 'data'), received])
    },
  }
}
