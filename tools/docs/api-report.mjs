import path from 'node:path'
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import { ROOT } from '../../scripts/run.mjs'

/** What applications import, and what the packages import of each other. */
const ENTRIES = [
  { folder: 'core', name: 'core', types: 'index.d.ts' },
  { folder: 'core', name: 'core-vod', types: 'vod/index.d.ts' },
  { folder: 'core', name: 'core-vod-v2', types: 'vod-v2/index.d.ts' },
  { folder: 'worker', name: 'worker', types: 'index.d.ts' },
  { folder: 'worker', name: 'worker-protocol', types: 'protocol/index.d.ts' },
  { folder: 'worker', name: 'worker-spawn', types: 'spawn.d.ts' },
  { folder: 'worker', name: 'worker-engine', types: 'engine/serve-engine.d.ts' },
]

const REPORTS = path.join(ROOT, 'tools', 'docs', 'api-report')

/**
 * The API reports of what `tsc -b` has built, `tools/docs/api-report/*.api.md`: a change of the API is a change of them, to be
 * seen in a review.
 *
 * @param {{ readonly write: boolean }} options whether they are written, or compared
 * @returns {Promise<readonly string[]>} what is not as it is committed
 */
export async function apiReport({ write }) {
  return ENTRIES.flatMap((entry) => {
    const { apiReportChanged, errorCount } = Extractor.invoke(configOf(entry), {
      localBuild: write,
      messageCallback(message) {
        if (message.logLevel !== ExtractorLogLevel.Error) message.handled = true
      },
    })
    if (errorCount > 0) return [`The API report of ${entry.name} could not be made`]
    if (apiReportChanged && !write)
      return [`The API of ${entry.name} is not as it is committed: npm run docs, then look at the difference`]
    return []
  })
}

/** @param {(typeof ENTRIES)[number]} entry */
function configOf({ folder, name, types }) {
  const projectFolder = path.join(ROOT, 'packages', folder)
  const file = path.join(projectFolder, 'dist', types)
  const silent = { default: { logLevel: ExtractorLogLevel.None } }
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: path.join(projectFolder, 'package.json'),
    configObject: {
      projectFolder,
      mainEntryPointFilePath: file,
      // What core exports of it is of its own API.
      bundledPackages: ['@sluice/worker'],
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2022',
            module: 'NodeNext',
            moduleResolution: 'NodeNext',
            lib: ['ES2023', 'DOM', 'DOM.Iterable'],
            types: [],
            strict: true,
            skipLibCheck: true,
          },
          files: [file],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: REPORTS,
        reportTempFolder: path.join(ROOT, 'tools', 'docs', 'dist'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      // Doc comments are checked beside the reference.
      messages: { extractorMessageReporting: silent, tsdocMessageReporting: silent },
    },
  })
}
