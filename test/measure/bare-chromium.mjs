import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.mjs'

/**
 * A page in a headless Chromium, driven over a bare DevTools connection.
 *
 * Test drivers switch on the DevTools Network domain, which makes bodies from memory 10 to 20 times slower; here only
 * the domains Page, Runtime and DOM are in use.
 *
 * @typedef {object} BarePage
 * @property {(expression: string) => Promise<unknown>} evaluate awaits promises; the value must be JSON
 * @property {(selector: string, files: readonly string[]) => Promise<void>} setFiles
 * @property {() => Promise<number>} memoryBytes proportional set size of all processes of the browser
 * @property {() => Promise<void>} close
 */

/**
 * Opens a page.
 *
 * @param {string} url
 * @returns {Promise<BarePage>}
 */
export async function openBarePage(url) {
  const executable = findChromium()
  if (executable === undefined) throw new Error('No Chromium found: install one or set CHROME_PATH')
  const profile = await mkdtemp(path.join(tmpdir(), 'sluice-profile-'))
  const browser = spawn(
    executable,
    ['--headless', '--remote-debugging-pipe', `--user-data-dir=${profile}`, ...CHROMIUM_ARGS, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  )
  const send = connect(browser)

  /** @type {{ targetInfos: { type: string, targetId: string }[] }} */
  const { targetInfos } = await send('Target.getTargets')
  const targetId = targetInfos.find(({ type }) => type === 'page')?.targetId
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true })
  await send('Page.enable', {}, sessionId)
  await send('Page.navigate', { url }, sessionId)

  /** @param {string} expression */
  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await send(
      'Runtime.evaluate',
      { expression, awaitPromise: true, returnByValue: true },
      sessionId,
    )
    if (exceptionDetails !== undefined) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    }
    return result.value
  }
  return {
    evaluate,
    async setFiles(selector, files) {
      const { root } = await send('DOM.getDocument', {}, sessionId)
      const { nodeId } = await send('DOM.querySelector', { nodeId: root.nodeId, selector }, sessionId)
      await send('DOM.setFileInputFiles', { nodeId, files }, sessionId)
    },
    memoryBytes: () => treeMemory(browser.pid ?? 0),
    async close() {
      const ended = new Promise((resolve) => browser.once('exit', resolve))
      await send('Browser.close').catch(() => browser.kill('SIGKILL'))
      await ended
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/**
 * Speaks the DevTools protocol over the pipe: JSON, each message ended by a NUL byte.
 *
 * @param {import('node:child_process').ChildProcess} browser
 * @returns {(method: string, params?: object, sessionId?: string) => Promise<any>}
 */
function connect(browser) {
  const [, , , input, output] = browser.stdio
  if (!(input && 'write' in input) || !(output && 'read' in output))
    throw new Error('The browser has no pipe')
  /** @type {Map<number, { resolve: (value: unknown) => void, reject: (reason: Error) => void }>} */
  const pending = new Map()
  let lastId = 0
  let rest = ''
  output.on('data', (chunk) => {
    const messages = (rest + chunk).split('\0')
    rest = messages.pop() ?? ''
    for (const { id, result, error } of messages.map((message) => JSON.parse(message))) {
      const call = pending.get(id)
      pending.delete(id)
      if (error === undefined) call?.resolve(result)
      else call?.reject(new Error(error.message))
    }
  })
  browser.once('exit', () => {
    for (const { reject } of pending.values()) reject(new Error('The browser ended'))
  })
  return (method, params = {}, sessionId) =>
    new Promise((resolve, reject) => {
      lastId += 1
      pending.set(lastId, { resolve, reject })
      input.write(`${JSON.stringify({ id: lastId, method, params, ...(sessionId && { sessionId }) })}\0`)
    })
}

/**
 * Pages shared between processes are counted once: each process counts its share.
 *
 * @param {number} pid
 * @returns {Promise<number>}
 */
async function treeMemory(pid) {
  const children = await childrenByParent()
  const tree = [pid]
  for (const parent of tree) tree.push(...(children.get(parent) ?? []))
  const sizes = await Promise.all(tree.map(ownMemory))
  return sizes.reduce((sum, size) => sum + size, 0)
}

async function childrenByParent() {
  /** @type {Map<number, number[]>} */
  const children = new Map()
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  for (const pid of pids) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    const parent = Number(/^PPid:\s*(\d+)/m.exec(status)?.[1])
    children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  return children
}

/** @param {number} pid */
async function ownMemory(pid) {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
  return Number(/^Pss:\s*(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024
}
