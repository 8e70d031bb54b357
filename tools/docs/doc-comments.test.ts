import { fileURLToPath } from 'node:url'
import { Application } from 'typedoc'
import { expect, test } from 'vitest'
import { complaintsOf } from './doc-comments.mjs'

test(
  'an option that does not tell its unit, range or default is complained of',
  { timeout: 60_000 },
  async () => {
    const app = await Application.bootstrap({
      entryPoints: [fileURLToPath(new URL('./fixture/options.ts', import.meta.url))],
      tsconfig: fileURLToPath(new URL('./fixture/tsconfig.json', import.meta.url)),
      blockTags: ['@unit', '@range', '@defaultValue'],
      logLevel: 'Error',
    })
    const project = await app.convert()
    expect(project && complaintsOf(project)).toEqual([
      'SomeOptions.nothing: may be left out, and does not say by @defaultValue what holds then',
      'SomeOptions.nothing: is a number without @unit',
      'SomeOptions.nothing: is a number without @range such as "1 to 100": ',
      'SomeOptions.vagueRange: is a number without @range such as "1 to 100": more than one',
      'SomeOptions.textWithoutDefault: may be left out, and does not say by @defaultValue what holds then',
      'SomeOptions.functionWithoutDefault: may be left out, and does not say by @defaultValue what holds then',
    ])
  },
)
