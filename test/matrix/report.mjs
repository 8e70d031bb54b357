/**
 * The document of a run.
 *
 * @param {readonly import('./run-row.mjs').Outcome[]} outcomes
 * @param {{ readonly chromium: string }} versions
 */
export function describeMatrix(outcomes, { chromium }) {
  const rows = outcomes.map(({ row, version, loaded, error }) => [
    row.title.replace('{version}', version ?? ''),
    row.needs,
    row.worker,
    loaded?.workers.map((worker) => `\`${worker}\``).join(', ') ?? '',
    toKb(row, loaded?.pageBytes),
    toKb(row, loaded?.workerBytes),
    error === undefined ? 'yes' : `no: ${firstLine(error.message)}`,
  ])
  return `# Bundlers

Each row is an application of its own, in a folder of its own: the packed \`@sluice/core\` and \`@sluice/worker\` were installed
by npm, it was built by a script of its \`package.json\` ([test/matrix/fixtures](../test/matrix/fixtures)) and opened in
Chromium. There it uploaded a file of 20 MiB in parts and one of 512 KiB as a whole to a local OSS, in a worker; what was
stored has the SHA-256 of the file. A warning or an error of the browser, or a page that is loaded again in the middle, fails
a row. Node ${process.versions.node}, Chromium ${chromium}.

\`npm run matrix\` runs it again and writes this document; \`npm run matrix -- vite rspack\` runs these rows alone and writes
nothing.

${table(
  ['Bundler', 'It needs', 'The worker script is', 'Its name here', 'Page, kB', 'Worker, kB', 'Uploaded'],
  rows,
)}

The sizes are those of the scripts that the browser loaded for the file in parts, before compression; 1 kB is 1000 bytes. The
page's are with its own code, in the rows of Next.js with React and Next.js; those of Rollup and of the import map are not
minified. Dev servers do not minify either, and have no sizes here. A worker script of one file has parts in it that these
uploads do not need; elsewhere they are files of their own, and the second file had one of them loaded.
`
}

/**
 * @param {import('./rows.mjs').Row} row
 * @param {number | undefined} bytes
 */
function toKb(row, bytes) {
  if (bytes === undefined || row.name.endsWith('-dev')) return ''
  return bytes === 0 ? 'in the page' : (bytes / 1000).toFixed(0)
}

/** @param {string} text */
function firstLine(text) {
  return text.split('\n', 1)[0]?.replaceAll('|', '\\|')
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly (string | undefined)[])[]} rows
 */
function table(head, rows) {
  const lines = [head, head.map((name) => (name.endsWith('kB') ? '---:' : '---')), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
