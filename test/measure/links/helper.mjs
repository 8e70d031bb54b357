import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/**
 * A process that speaks JSON in lines and ends when its standard input does, and so with this process, however that
 * ends.
 *
 * @typedef {object} Helper
 * @property {number} pid
 * @property {any} ready its first line
 * @property {(message: unknown) => Promise<any>} ask sends a line and awaits the next one
 * @property {() => Promise<void>} stop
 */

/**
 * Starts a helper and awaits its first line.
 *
 * @param {readonly string[]} command
 * @returns {Promise<Helper>}
 */
export async function startHelper([program = '', ...args]) {
  // In a session of its own: Ctrl-C is for this process, which then stops its helpers in order.
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const nextLine = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`${program} ${args[0]} ended before it answered`)
    return JSON.parse(value)
  }
  child.stdin.on('error', () => undefined)
  await once(child, 'spawn')
  return {
    pid: child.pid ?? 0,
    ready: await nextLine(),
    ask(message) {
      child.stdin.write(`${JSON.stringify(message)}\n`)
      return nextLine()
    },
    async stop() {
      child.stdin.end()
      await ended
    },
  }
}

/**
 * The other side: tells that it is ready, answers each line, and tidies up at the end of standard input.
 *
 * @param {unknown} ready
 * @param {(message: any) => unknown} [onAsk]
 */
export async function serveHelper(ready, onAsk = () => ({})) {
  console.log(JSON.stringify(ready))
  for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await onAsk(JSON.parse(line))))
  }
}
