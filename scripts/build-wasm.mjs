// Assembles the CRC-64 of packages/worker/wasm. To be run when its source has changed; a test tells when it has not been.
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { assembleCrc64, INPUT_RANGE } from '../packages/worker/wasm/crc64.mjs'

const TARGET = fileURLToPath(new URL('../packages/worker/src/hash/crc64-wasm.ts', import.meta.url))

const binary = Buffer.from(await assembleCrc64()).toString('base64')
await writeFile(
  TARGET,
  `// Made by \`npm run build:wasm\` from packages/worker/wasm/crc64.mjs.

/** The module in Base64. */
export const CRC64_WASM = '${binary}'

/** Where in its memory the bytes to be hashed lie. */
export const INPUT_START = ${INPUT_RANGE.start}
export const INPUT_END = ${INPUT_RANGE.end}
`,
)
