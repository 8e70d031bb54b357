import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Application } from 'typedoc'
import { complaintsOf } from './doc-comments.mjs'

/**
 * Writes the reference, `docs/api`, from the doc comments.
 *
 * @param {string} root of the workspace
 * @returns {Promise<readonly string[]>} what doc comments lack
 */
export async function writeReference(root) {
  const folder = path.join(root, 'docs', 'api')
  await rm(folder, { recursive: true, force: true })
  return generate(root, folder)
}

/**
 * Compares `docs/api` with what the doc comments say now.
 *
 * @param {string} root of the workspace
 * @returns {Promise<readonly string[]>} what doc comments lack, and what is not as it is committed
 */
export async function checkReference(root) {
  const committed = path.join(root, 'docs', 'api')
  const fresh = await mkdtemp(path.join(tmpdir(), 'sluice-api-'))
  try {
    const complaints = await generate(root, fresh)
    const isSame = JSON.stringify(await readAll(committed)) === JSON.stringify(await readAll(fresh))
    return isSame ? complaints : [...complaints, 'docs/api is not what the doc comments say: npm run docs']
  } finally {
    await rm(fresh, { recursive: true })
  }
}

/**
 * @param {string} root
 * @param {string} out
 */
async function generate(root, out) {
  const core = path.join(root, 'packages', 'core', 'src')
  /** @type {Partial<import('typedoc').TypeDocOptions> & import('typedoc-plugin-markdown').PluginOptions} */
  const options = {
    plugin: ['typedoc-plugin-markdown'],
    tsconfig: path.join(root, 'tools', 'docs', 'tsconfig.json'),
    entryPoints: ['index.ts', 'vod/index.ts', 'vod-v2/index.ts'].map((file) => path.join(core, file)),
    name: 'API',
    readme: 'none',
    logLevel: 'Warn',
    excludeExternals: true,
    disableSources: true,
    // In the order in which the sources tell it, what is called before what it is called with.
    sort: ['source-order'],
    groupOrder: ['Functions', 'Variables', 'Interfaces', 'Type Aliases', 'Classes'],
    blockTags: ['@param', '@returns', '@throws', '@example', '@module', '@unit', '@range', '@defaultValue'],
    validation: { notDocumented: true, notExported: true, invalidLink: true },
    // One page an entry of the package.
    outputFileStrategy: 'modules',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    expandObjects: true,
    parametersFormat: 'table',
  }
  const app = await Application.bootstrapWithPlugins(options)
  const project = await app.convert()
  if (project === undefined) throw new Error('The sources of the packages do not compile')
  app.validate(project)
  app.options.setValue('out', out)
  await app.generateOutputs(project)
  await mendAnchors(out)
  const warnings = app.logger.hasWarnings() || app.logger.hasErrors()
  return [...complaintsOf(project), ...(warnings ? ['Doc comments: see the warnings above'] : [])]
}

/**
 * TypeDoc takes the headings of `Upload.progress` and `UploadProgress` for the same, and numbers the second. Pages do not.
 *
 * @param {string} folder
 */
async function mendAnchors(folder) {
  for (const [file, text] of await readAll(folder))
    await writeFile(
      path.join(folder, file),
      text.replaceAll(/#(upload(?:progress|state|result))-1\)/g, '#$1)'),
    )
}

/**
 * The files of a folder and what is in them.
 *
 * @param {string} folder
 * @returns {Promise<readonly (readonly [file: string, text: string])[]>}
 */
async function readAll(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
  return Promise.all(
    files
      .sort()
      .map(
        async (file) => /** @type {const} */ ([path.relative(folder, file), await readFile(file, 'utf8')]),
      ),
  )
}
