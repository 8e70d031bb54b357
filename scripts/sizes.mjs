// How large everything is that a browser loads, as a table: `npm run sizes`. It fails where that is more than we allow ourselves.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { bundle } from './bundle.mjs'
import { ROOT, run, runMain } from './run.mjs'

const CORE = path.join(ROOT, 'packages', 'core')
/** Most of each in kB, gzip: about a twentieth above what it is. */
const BUDGETS = {
  '@sluice/core': 8,
  '@sluice/core/vod': 13,
  '@sluice/core/vod-v2': 9,
  '@sluice/core/script': 60,
  '@sluice/core/script/worker': 46,
  '@sluice/worker/entry': 30,
}

const ALI_OSS = path.join(ROOT, 'node_modules', 'ali-oss')

/**
 * @typedef {object} Row
 * @property {string} what
 * @property {string} raw in kB
 * @property {string} gzip in kB
 */

runMain(async () => {
  await run('tsc', ['-b'])
  await run('node', ['scripts/build-script.mjs'])
  const { exports } = JSON.parse(await readFile(path.join(CORE, 'package.json'), 'utf8'))
  const specifiers = Object.keys(exports).map((name) => path.posix.join('@sluice/core', name))
  /** @type {Row[]} */
  const rows = []
  const tooLarge = []
  for (const specifier of [...specifiers, '@sluice/worker/entry']) {
    const isScript = specifier.startsWith('@sluice/core/script')
    const target = exports[specifier.replace('@sluice/core', '.')]
    const code = isScript
      ? await readFile(path.join(CORE, target.default ?? target), 'utf8')
      : await bundle(specifier)
    const ours = row(`\`${specifier}\`, ${whereOf(specifier)}`, code)
    rows.push(ours)
    const budget = new Map(Object.entries(BUDGETS)).get(specifier)
    if (budget === undefined || Number(ours.gzip) > budget)
      tooLarge.push(`${specifier} is ${ours.gzip} kB gzip; its budget in scripts/sizes.mjs is ${budget}`)
  }
  rows.push(...(await incumbents()))
  console.log('\n| What | kB | kB, gzip |\n| --- | ---: | ---: |')
  for (const { what, raw, gzip } of rows) console.log(`| ${what} | ${raw} | ${gzip} |`)
  if (tooLarge.length > 0) throw new Error(tooLarge.join('\n'))
})

/** @param {string} specifier */
function whereOf(specifier) {
  if (specifier === '@sluice/worker/entry') return 'the worker of the above'
  return specifier.startsWith('@sluice/core/script') ? 'one file' : 'in the page'
}

/** What Sluice stands in for. */
async function incumbents() {
  /** @type {Row[]} */
  const rows = []
  if (existsSync(ALI_OSS)) {
    const { version } = JSON.parse(await readFile(path.join(ALI_OSS, 'package.json'), 'utf8'))
    const script = await readFile(path.join(ALI_OSS, 'dist', 'aliyun-oss-sdk.min.js'), 'utf8')
    rows.push(row(`\`ali-oss\` ${version}, \`aliyun-oss-sdk.min.js\``, script))
  }
  // Not on npm. Sizes of the files of the official demo: aliyun-upload-sdk-1.5.3.min.js 75,350 bytes (21.4 kB gzip),
  // aliyun-oss-sdk-6.10.0.min.js 928,710 (195.5), es6-promise.min.js 6,353.
  // https://www.alibabacloud.com/help/doc-detail/52204.html
  rows.push({
    what: '`AliyunUpload.Vod` 1.5.3 with OSS SDK 6.10.0 and es6-promise',
    raw: '1010',
    gzip: '220',
  })
  return rows
}

/**
 * @param {string} what
 * @param {string} code
 * @returns {Row}
 */
function row(what, code) {
  return { what, raw: toKb(Buffer.byteLength(code)), gzip: toKb(gzipSync(code, { level: 9 }).length) }
}

/** @param {number} bytes */
function toKb(bytes) {
  return (bytes / 1000).toFixed(1)
}
