import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { killTree } from '../harness/process-tree.mjs'

const HOST = fileURLToPath(new URL('./webkit-host.py', import.meta.url))

/** WebKitGTK in a window of its own, on a profile of its own, driven by W3C WebDriver. */
export interface WebKitDriver {
  /** A command of the session, such as `POST /url`. */
  readonly command: (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => Promise<unknown>
  /** Ends all processes at once, as a crash does, and keeps a profile that was given. */
  readonly kill: () => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * Starts display, driver and browser.
 *
 * @param givenProfile folder of the profile; without it a new one
 */
export async function startWebKit(givenProfile?: string): Promise<WebKitDriver> {
  const home = await mkdtemp(path.join(tmpdir(), 'sluice-webkit-'))
  const display = await startDisplay()
  const port = await freePort()
  const driver = spawn('/usr/bin/WebKitWebDriver', [`--port=${port}`], {
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'],
      DISPLAY: display.name,
      HOME: home,
      XDG_DATA_HOME: path.join(home, 'data'),
      XDG_CACHE_HOME: path.join(home, 'cache'),
      // Neither is there in a container.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
      WEBKIT_DISABLE_COMPOSITING_MODE: '1',
    },
  })
  const ask = async (method: string, address: string, body?: object): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${port}${address}`, {
      method,
      ...(method === 'POST' && { body: JSON.stringify(body ?? {}) }),
    })
    const { value } = (await response.json()) as { readonly value: unknown }
    if (!response.ok) throw new Error(`${method} ${address}: ${JSON.stringify(value)}`)
    return value
  }
  await untilReady(() => ask('GET', '/status'))
  const { sessionId } = (await ask('POST', '/session', {
    capabilities: {
      alwaysMatch: {
        'webkitgtk:browserOptions': { binary: HOST, args: [givenProfile ?? path.join(home, 'profile')] },
      },
    },
  })) as { readonly sessionId: string }
  const tidy = async (): Promise<void> => {
    await end(driver)
    await end(display.process)
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }

  return {
    command: (method, address, body) => ask(method, `/session/${sessionId}${address}`, body),
    async kill() {
      await killTree(driver.pid ?? 0)
      await tidy()
    },
    async close() {
      await ask('DELETE', `/session/${sessionId}`).catch(() => undefined)
      await tidy()
    },
  }
}

/** A screen that nobody sees. */
async function startDisplay(): Promise<{ readonly name: string; readonly process: ChildProcess }> {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const [number] = (await once(server.stdio[3] as Readable, 'data')) as [Buffer]
  return { name: `:${number.toString().trim()}`, process: server }
}

async function untilReady(ask: () => Promise<unknown>): Promise<void> {
  const giveUpAtMs = performance.now() + 10_000
  for (;;) {
    try {
      await ask()
      return
    } catch (error) {
      if (performance.now() > giveUpAtMs) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill()
  await once(child, 'exit')
}
