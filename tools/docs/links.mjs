import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

const ELSEWHERE = /^(https?|mailto):/

/**
 * The links within the repository's documents that lead nowhere.
 *
 * @param {string} root of the workspace
 * @param {readonly string[]} folders to look into, at any depth
 * @returns {Promise<readonly string[]>}
 */
export async function deadLinks(root, folders) {
  const found = await Promise.all(folders.map((folder) => documentsIn(root, folder)))
  const documents = new Map(
    await Promise.all(
      found.flat().map(async (file) => /** @type {const} */ ([file, await prose(path.join(root, file))])),
    ),
  )
  return [...documents].flatMap(([file, text]) =>
    linksOf(text)
      .filter((link) => !ELSEWHERE.test(link) && !leadsSomewhere(root, file, link, documents))
      .map((link) => `${file}: ${link} leads nowhere`),
  )
}

/**
 * @param {string} root
 * @param {string} folder
 */
async function documentsIn(root, folder) {
  const isRoot = folder === '.'
  const entries = await readdir(path.join(root, folder), { recursive: !isRoot })
  return entries
    .map((entry) => path.posix.join(folder, entry.replaceAll('\\', '/')))
    .filter((entry) => entry.endsWith('.md') && !/(^|\/)(node_modules|dist)\//.test(entry))
}

/**
 * A document without its code.
 *
 * @param {string} file
 * @returns {Promise<string>}
 */
async function prose(file) {
  const text = await readFile(file, 'utf8')
  return text.replaceAll(/^( *)```.*?^ *```$/gms, '')
}

/** @param {string} text */
function linksOf(text) {
  const links = text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)
  return Array.from(links, ([, ofMarkdown, ofHtml]) => ofMarkdown ?? ofHtml ?? '')
}

/**
 * @param {string} root
 * @param {string} from
 * @param {string} link
 * @param {ReadonlyMap<string, string>} documents
 */
function leadsSomewhere(root, from, link, documents) {
  const [file = '', anchor] = link.split('#')
  const target = file === '' ? from : path.posix.join(path.posix.dirname(from), decodeURIComponent(file))
  const text = documents.get(target)
  if (text === undefined || anchor === undefined) return existsSync(path.join(root, target))
  return anchorsOf(text).has(decodeURIComponent(anchor))
}

/**
 * The anchors of headings as GitHub makes them: the second of the same words is numbered.
 *
 * @param {string} text
 */
function anchorsOf(text) {
  /** @type {Map<string, number>} */
  const times = new Map()
  const headings = Array.from(text.matchAll(/^#+ (.+)$/gm), ([, heading = '']) => {
    const words = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .trim()
      .toLowerCase()
    const anchor = words.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(/\s/g, '-')
    const before = times.get(anchor) ?? 0
    times.set(anchor, before + 1)
    return before === 0 ? anchor : `${anchor}-${before}`
  })
  return new Set([...headings, ...Array.from(text.matchAll(/id="([^"]+)"/g), ([, id = '']) => id)])
}
