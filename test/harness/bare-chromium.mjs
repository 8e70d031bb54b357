import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.mjs'
import { cpuByKind, cpuOfTree, killTree, memoryOfTree } from './process-tree.mjs'

/**
 * A page in a headless Chromium, driven over a bare DevTools connection.
 *
 * Test drivers switch on the DevTools Network domain, which makes bodies from memory 10 to 20 times slower; here only
 * the domain Page is switched on.
 *
 * @typedef {object} BarePage
 * @property {(expression: string) => Promise<unknown>} evaluate awaits promises; the value must be JSON
 * @property {(selector: string, files: readonly string[]) => Promise<void>} setFiles
 * @property {() => Promise<unknown>} reload resolves when it has begun
 * @property {(url: string) => Promise<unknown>} visit resolves when it has begun
 * @property {(method: string, params?: object) => Promise<any>} command gives this page a command of the DevTools
 * @property {() => Promise<BarePage>} openTab opens the same URL in another tab
 * @property {() => Promise<void>} closeTab
 * @property {() => void} crashTab ends the process of this tab, as running out of memory does
 * @property {() => Promise<number>} memoryBytes proportional set size of all processes of the browser
 * @property {() => Promise<number>} cpuSeconds processor time that all processes of the browser have taken so far
 * @property {() => Promise<Readonly<Record<string, number>>>} cpuByKind the same for each kind of process: `browser`,
 *   `renderer`, `network.mojom.NetworkService`, …
 * @property {() => Promise<void>} kill ends all processes at once, as a crash does, and keeps the profile
 * @property {() => Promise<void>} close ends the browser, and removes a profile that was made for it
 *
 * @typedef {object} Launch
 * @property {readonly string[]} [wrapper] command that starts the browser in other surroundings: a network namespace
 * @property {readonly string[]} [switches] after those of all tests: the later of two alike wins
 */

/**
 * Starts a browser and opens a page in it.
 *
 * @param {string} url
 * @param {string} [givenProfile] folder of the profile; without it a new one
 * @param {Launch} [launch]
 * @returns {Promise<BarePage>}
 */
export async function openBarePage(url, givenProfile, { wrapper = [], switches = [] } = {}) {
  const executable = findChromium()
  if (executable === undefined) throw new Error('No Chromium found: install one or set CHROME_PATH')
  const profile = givenProfile ?? (await mkdtemp(path.join(tmpdir(), 'sluice-profile-')))
  const own = ['--headless', '--remote-debugging-pipe', `--user-data-dir=${profile}`]
  const [program = executable, ...args] = [...wrapper, executable, ...own, ...CHROMIUM_ARGS, ...switches]
  const browser = spawn(program, [...args, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise((resolve) => browser.once('exit', resolve))
  const send = connect(browser)

  /** @returns {Promise<BarePage>} */
  const openTab = async () => {
    const { targetId } = await send('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true })
    await send('Page.enable', {}, sessionId)
    await send('Page.navigate', { url }, sessionId)
    return {
      async evaluate(expression) {
        const { result, exceptionDetails } = await send(
          'Runtime.evaluate',
          { expression, awaitPromise: true, returnByValue: true },
          sessionId,
        )
        if (exceptionDetails === undefined) return result.value
        throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
      },
      async setFiles(selector, files) {
        const expression = `document.querySelector(${JSON.stringify(selector)})`
        const { result } = await send('Runtime.evaluate', { expression }, sessionId)
        await send('DOM.setFileInputFiles', { objectId: result.objectId, files }, sessionId)
      },
      reload: () => send('Page.reload', {}, sessionId),
      visit: (target) => send('Page.navigate', { url: target }, sessionId),
      command: (method, params) => send(method, params, sessionId),
      openTab,
      closeTab: () => send('Target.closeTarget', { targetId }),
      // Never answered: there is nobody left who could.
      crashTab: () => void send('Page.crash', {}, sessionId).catch(() => undefined),
      memoryBytes: () => memoryOfTree(browser.pid ?? 0),
      cpuSeconds: () => cpuOfTree(browser.pid ?? 0),
      cpuByKind: () => cpuByKind(browser.pid ?? 0),
      async kill() {
        await killTree(browser.pid ?? 0)
        await ended
      },
      async close() {
        await send('Browser.close').catch(() => browser.kill('SIGKILL'))
        await ended
        if (givenProfile === undefined) await rm(profile, { recursive: true, force: true, maxRetries: 5 })
      },
    }
  }
  return openTab()
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
