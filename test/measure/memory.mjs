// How much memory the browser's processes take while a large sparse file is uploaded by the demo:
//   node test/measure/memory.mjs [--gib 4]
// Needs Linux (/proc) and twice the file's size on disk for the local OSS.
import { spawn } from 'node:child_process'
import { mkdtemp, open, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ensureDependencies } from '../../scripts/dependencies.mjs'
import { ROOT, run, runMain } from '../../scripts/run.mjs'
import { openBarePage } from '../harness/bare-chromium.mjs'

const MIB = 1024 ** 2
const SAMPLE_MS = 200

runMain(async () => {
  const { values } = parseArgs({ options: { gib: { type: 'string', default: '4' } } })
  const sizeBytes = Number(values.gib) * 1024 ** 3
  await ensureDependencies()
  await run('tsc', ['-b'])
  await run('vite', ['build', 'packages/demo', '--logLevel', 'warn'])

  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-memory-'))
  const file = path.join(folder, 'sparse.mp4')
  const handle = await open(file, 'w')
  await handle.truncate(sizeBytes)
  await handle.close()

  const demo = await startDemo(path.join(folder, 'data'))
  try {
    const page = await openBarePage(demo.url)
    try {
      await measure(page, file, sizeBytes)
    } finally {
      await page.close()
    }
  } finally {
    await demo.stop()
    await rm(folder, { recursive: true, force: true })
  }
})

/**
 * @param {import('../harness/bare-chromium.mjs').BarePage} page
 * @param {string} file
 * @param {number} sizeBytes
 */
async function measure(page, file, sizeBytes) {
  await page.evaluate(`new Promise((resolve) => {
    const look = () => document.querySelector('[data-testid=file-input]') ? resolve() : setTimeout(look, 50)
    look()
  })`)
  await wait(2000)
  const idle = await page.memoryBytes()
  const startedMs = Date.now()
  await page.setFiles('[data-testid=file-input]', [file])
  let peak = idle
  let status = ''
  while (!['succeeded', 'failed', 'canceled'].includes(status)) {
    await wait(SAMPLE_MS)
    peak = Math.max(peak, await page.memoryBytes())
    status = String(
      await page.evaluate(`document.querySelector('[data-testid=upload]')?.dataset.status ?? ''`),
    )
  }
  const seconds = (Date.now() - startedMs) / 1000
  const { size } = await stat(file)
  console.log(
    `${status}: ${size / 1024 ** 3} GiB in ${seconds.toFixed(1)} s (${(sizeBytes / MIB / seconds).toFixed(0)} MiB/s). ` +
      `Memory of the browser's processes: idle ${mib(idle)}, peak ${mib(peak)}, above idle ${mib(peak - idle)}`,
  )
  if (status !== 'succeeded') {
    throw new Error(String(await page.evaluate(`document.querySelector('[data-testid=upload]').innerText`)))
  }
}

/**
 * @param {string} dataDir
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
async function startDemo(dataDir) {
  const child = spawn('node', ['packages/demo/dist/server/main.js'], {
    cwd: ROOT,
    env: { ...process.env, PORT: '0', OSS_PORT: '0', DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
      const found = /Sluice demo ready: (\S+)/.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', () => reject(new Error('The demo did not start')))
  })
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}

/** @param {number} ms */
function wait(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** @param {number} bytes */
function mib(bytes) {
  return `${(bytes / MIB).toFixed(0)} MiB`
}
