import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** @typedef {{ readonly name: string, readonly code: string }} Example */

/**
 * Writes each block of TypeScript of the documents as a module of its own, beside `examples-context.d.ts`, which declares what
 * they take for granted.
 *
 * @param {string} root of the workspace
 * @returns {Promise<string>} the folder, to be compiled
 */
export async function writeExamples(root) {
  const folder = path.join(root, 'tools', 'docs', 'dist', 'examples')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const document of await documents(root)) {
    for (const { name, code } of examplesOf(document, await readFile(path.join(root, document), 'utf8')))
      await writeFile(path.join(folder, name), code)
  }
  return folder
}

/** @param {string} root */
async function documents(root) {
  const guides = (await readdir(path.join(root, 'docs'))).map((name) => `docs/${name}`)
  const ofRoot = await readdir(root)
  return [...ofRoot, ...guides, 'packages/core/README.md'].filter((name) => name.endsWith('.md'))
}

/**
 * @param {string} document
 * @param {string} text
 * @returns {readonly Example[]}
 */
function examplesOf(document, text) {
  const stem = document.replaceAll(/[/.]/g, '-')
  return Array.from(
    text.matchAll(/^( *)```ts\n(.*?)^ *```$/gms),
    ({ 1: indent = '', 2: code = '', index }) => {
      const line = text.slice(0, index).split('\n').length
      const lines = code.split('\n').map((each) => each.slice(indent.length))
      return { name: `${stem}-line-${line}.ts`, code: `${lines.join('\n')}\nexport {}\n` }
    },
  )
}
