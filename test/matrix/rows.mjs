/**
 * One way to bring Sluice into a page.
 *
 * @typedef {object} Row
 * @property {string} name for the command line
 * @property {string} fixture folder of it
 * @property {string} title with `{version}` where the version of the first package below goes
 * @property {string | undefined} bundler package
 * @property {string | undefined} build script of the fixture, with its arguments
 * @property {{ readonly folder: string } | { readonly script: string }} site files as they are, or a server that takes
 *   `--port`
 * @property {string} needs what an application has to write for it
 * @property {string} worker how the worker script gets there
 * @property {readonly string[]} [rendered] what is in the page as the server sends it
 */

const EMITTED = 'emitted by the build'
const COPIED = '`@sluice/core/script/worker`, copied, named by `workerUrl`'

/** @type {readonly Row[]} */
export const ROWS = [
  {
    name: 'vite-dev',
    fixture: 'vite',
    title: 'Vite {version}, dev server with pre-bundling',
    bundler: 'vite',
    build: undefined,
    site: { script: 'dev' },
    needs: 'nothing',
    worker: 'served out of `node_modules`',
  },
  {
    name: 'vite',
    fixture: 'vite',
    title: 'Vite {version}, build',
    bundler: 'vite',
    build: 'build',
    site: { folder: 'dist' },
    needs: "nothing; `worker: { format: 'es' }` splits the worker script",
    worker: `${EMITTED}, in one file`,
  },
  {
    name: 'vite-7-dev',
    fixture: 'vite-7',
    title: 'Vite {version}, dev server',
    bundler: 'vite',
    build: undefined,
    site: { script: 'dev' },
    needs: "`optimizeDeps: { exclude: ['@sluice/core', '@sluice/worker'] }`",
    worker: 'served out of `node_modules`',
  },
  {
    name: 'vite-7',
    fixture: 'vite-7',
    title: 'Vite {version}, build',
    bundler: 'vite',
    build: 'build',
    site: { folder: 'dist' },
    needs: "`worker: { format: 'es' }`",
    worker: EMITTED,
  },
  {
    name: 'webpack',
    fixture: 'webpack',
    title: 'webpack {version}',
    bundler: 'webpack',
    build: 'build',
    site: { folder: '.' },
    needs: 'nothing',
    worker: EMITTED,
  },
  {
    name: 'rspack',
    fixture: 'rspack',
    title: 'Rspack {version}',
    bundler: '@rspack/core',
    build: 'build',
    site: { folder: '.' },
    needs: 'nothing',
    worker: EMITTED,
  },
  {
    name: 'parcel-dev',
    fixture: 'parcel',
    title: 'Parcel {version}, dev server',
    bundler: 'parcel',
    build: undefined,
    site: { script: 'dev' },
    needs: '`"@parcel/resolver-default": { "packageExports": true }` in `package.json`',
    worker: EMITTED,
  },
  {
    name: 'parcel',
    fixture: 'parcel',
    title: 'Parcel {version}, build',
    bundler: 'parcel',
    build: 'build',
    site: { folder: 'dist' },
    needs: 'the same, and `"@parcel/bundler-default": { "minBundleSize": 1000000 }`',
    worker: EMITTED,
  },
  ...[
    { name: 'next-dev', title: 'Next.js {version}, dev server', build: undefined, site: { script: 'dev' } },
    { name: 'next', title: 'Next.js {version}, Turbopack', build: 'build', site: { script: 'start' } },
    {
      name: 'next-webpack',
      title: 'Next.js {version}, webpack',
      build: 'build -- --webpack',
      site: { script: 'start' },
    },
  ].map((row) => ({
    ...row,
    fixture: 'next',
    bundler: 'next',
    needs: 'nothing; rendered on the server',
    worker: EMITTED,
    rendered: ['createUploader is a function in the component', 'createUploader is a function in the page'],
  })),
  {
    name: 'esbuild',
    fixture: 'esbuild',
    title: 'esbuild {version}',
    bundler: 'esbuild',
    build: 'build',
    site: { folder: '.' },
    needs: '`workerUrl`',
    worker: COPIED,
  },
  {
    name: 'rollup',
    fixture: 'rollup',
    title: 'Rollup {version}',
    bundler: 'rollup',
    build: 'build',
    site: { folder: '.' },
    needs: '`workerUrl`, the plugin node-resolve',
    worker: COPIED,
  },
  {
    name: 'import-map',
    fixture: 'import-map',
    title: 'no bundler, an import map',
    bundler: undefined,
    build: undefined,
    site: { folder: '.' },
    needs: '`workerUrl`, an import map',
    worker: '`@sluice/core/script/worker`, named by `workerUrl`',
  },
  {
    name: 'script-tag',
    fixture: 'script-tag',
    title: 'no bundler, a script tag',
    bundler: undefined,
    build: undefined,
    site: { folder: '.' },
    needs: '`@sluice/core/script`',
    worker: 'in the script, started from a Blob',
  },
]
