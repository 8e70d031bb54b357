import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { build } from 'vite'

/** The command, built from the sources so that Node can run it. */
export interface BuiltCli {
  readonly path: string
  remove(): Promise<void>
}

/** Builds the command with everything it needs into one file. */
export async function buildCli(): Promise<BuiltCli> {
  const outDir = await mkdtemp(join(tmpdir(), 'oss-server-cli-'))
  await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('../..', import.meta.url)),
    ssr: { noExternal: true },
    build: { ssr: fileURLToPath(new URL('../cli.ts', import.meta.url)), outDir, emptyOutDir: false },
  })
  return { path: join(outDir, 'cli.js'), remove: () => rm(outDir, { recursive: true, force: true }) }
}

/** A process of the command. */
export interface CliProcess {
  readonly child: ChildProcess
  /** What it has written so far. */
  output(): string
  /** Waits for its end. @returns exit code, or the signal that ended it */
  ended(): Promise<number | NodeJS.Signals>
}

/** Runs the command; it is killed after the test if it is still there. */
export function runCli(cli: BuiltCli, args: readonly string[]): CliProcess {
  const child = spawn(process.execPath, [cli.path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text) => {
      output += String(text)
    })
  }
  const end = once(child, 'close')
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return {
    child,
    output: () => output,
    async ended() {
      await end
      return child.exitCode ?? child.signalCode ?? 'SIGKILL'
    },
  }
}

/** Runs the command as a server. @returns the process and its URL, once it is ready */
export async function startCli(
  cli: BuiltCli,
  args: readonly string[],
): Promise<CliProcess & { readonly url: string }> {
  const running = runCli(cli, ['--port', '0', ...args])
  const ready = /Local OSS ready: (\S+)/
  while (!ready.test(running.output())) {
    await Promise.race([once(running.child.stdout ?? running.child, 'data'), running.ended()])
    if (running.child.exitCode !== null) throw new Error(running.output())
  }
  return { ...running, url: ready.exec(running.output())?.[1] ?? '' }
}
