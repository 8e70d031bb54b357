import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../packages/demo/dist/server/main.js', import.meta.url))

/** The built demo in a process of its own. */
export interface RunningDemo {
  /** What it said it is reached at. */
  readonly url: string
  /** All that it printed until now. */
  output(): string
  /** Ends it as a terminal would, and tells how it ended. */
  stop(): Promise<DemoEnd>
}

export interface DemoEnd {
  readonly exitCode: number | null
  /** All that it printed. */
  readonly output: string
}

export interface DemoSettings {
  readonly dataDir: string
  /** @defaultValue any free one */
  readonly port?: number
  /** @defaultValue any free one */
  readonly ossPort?: number
}

/** Starts the demo and waits until it is ready. */
export async function runDemo(settings: DemoSettings): Promise<RunningDemo> {
  const { child, output, end } = launch(settings)
  const lines = createInterface({ input: child.stdout ?? process.stdin })
  for await (const line of lines) {
    const url = /^Sluice demo ready: (http:\/\/localhost:\d+)$/.exec(line)?.[1]
    if (url === undefined) continue
    return {
      url,
      output,
      async stop() {
        child.kill('SIGINT')
        return end
      },
    }
  }
  throw new Error(`The demo did not start: ${(await end).output}`)
}

/** Starts a demo that is expected to give up by itself. */
export function runDemoToItsEnd(settings: DemoSettings): Promise<DemoEnd> {
  return launch(settings).end
}

function launch({ dataDir, port = 0, ossPort = 0 }: DemoSettings): {
  readonly child: ChildProcess
  readonly output: () => string
  readonly end: Promise<DemoEnd>
} {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], PORT: String(port), OSS_PORT: String(ossPort), DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  return {
    child,
    output: () => output,
    end: once(child, 'close').then(() => ({ exitCode: child.exitCode, output })),
  }
}
