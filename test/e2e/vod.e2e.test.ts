import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildPage } from '../compare-vod/build-page.mjs'
import { mergeRounds, toLines } from '../compare-vod/lines.mjs'
import { SCENARIOS } from '../compare-vod/scenarios.mjs'
import { play } from '../compare-vod/stage.mjs'
import { readTables } from '../compare-vod/tables.mjs'

/** Those that take a few seconds. `npm run compare:vod` plays all of them, and on the incumbent as well. */
const SHORT = ['two-files', 'stop-early', 'signature', 'cancel-initiate', 'denied', 'unavailable', 'empty']

let pageFolder = ''
beforeAll(async () => {
  pageFolder = await mkdtemp(path.join(tmpdir(), 'sluice-vod-page-'))
  await buildPage(pageFolder)
})
afterAll(() => rm(pageFolder, { recursive: true, force: true }))

describe.concurrent("the documentation's own code runs as docs/migrating.md says:", () => {
  test.each(SHORT)('%s', async (id) => {
    const scenario = SCENARIOS.find((one) => one.id === id)
    if (scenario === undefined) throw new Error(`There is no scenario ${id}`)
    const tables = readTables(await readFile('docs/migrating.md', 'utf8'))
    const lines = mergeRounds([toLines(scenario, await play(scenario, 'here', pageFolder))], [])
    expect(lines?.map(({ key }) => key)).toEqual(tables.get(scenario.title))
  })
})
