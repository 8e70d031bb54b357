import { tellFigures } from './lines.mjs'

const BEGIN = '<!-- compare:vod begin -->'
const END = '<!-- compare:vod end -->'

/**
 * @typedef {object} Section
 * @property {import('./scenarios/scenario.mjs').Scenario} scenario
 * @property {readonly import('./differences.mjs').Row[]} rows
 */

/** @param {Section} section */
export function toTable({ scenario, rows }) {
  const some = scenario.intended
    .flatMap(({ row, sometimes = [] }) => sometimes.map((key) => ({ row, key })))
    .map(({ row, key }) => `| not the same in all runs: ${cell(key)} | | ${link(row)} |`)
  return [
    `#### ${scenario.title}`,
    '',
    scenario.about,
    '',
    '| aliyun-upload-vod 1.0.6 | @sluice/core/vod | intended |',
    '| --- | --- | --- |',
    ...rows.map(({ incumbent, here, intended }) => {
      const cells = [incumbent, here].map((line) =>
        line === undefined ? '' : cell(line.key) + tellFigures(line),
      )
      return `| ${cells.join(' | ')} | ${[...new Set(intended)].map(link).join(', ')} |`
    }),
    ...some,
  ].join('\n')
}

/** @param {string} text */
function cell(text) {
  return `\`${text}\``
}

/** @param {string} row */
function link(row) {
  return `[${row}](#${row})`
}

/**
 * What the tables say about the drop-in: keys of lines, by title of the scenario.
 *
 * @param {string} text of the page
 * @returns {ReadonlyMap<string, readonly string[]>}
 */
export function readTables(text) {
  const sections = text
    .slice(text.indexOf(BEGIN), text.indexOf(END))
    .split(/^#### /m)
    .slice(1)
  return new Map(
    sections.map((section) => {
      const [title = '', ...lines] = section.split('\n')
      const cells = lines.filter((line) => line.startsWith('|')).map((line) => line.split(' | ')[1] ?? '')
      return [title, cells.flatMap((it) => /`(.*)`/.exec(it)?.slice(1) ?? [])]
    }),
  )
}

/**
 * Ids of the rows of "What differs on purpose".
 *
 * @param {string} text of the page
 * @returns {ReadonlySet<string>}
 */
export function readRowIds(text) {
  return new Set([...text.matchAll(/^\| <a id="([a-z-]+)"><\/a>/gm)].map(([, id = '']) => id))
}

/**
 * @param {string} text of the page
 * @param {string} tables
 */
export function putTables(text, tables) {
  const begin = text.indexOf(BEGIN)
  const end = text.indexOf(END)
  if (begin === -1 || end < begin) throw new Error(`The page has no ${BEGIN} and ${END}`)
  return `${text.slice(0, begin + BEGIN.length)}\n\n${tables}\n\n${text.slice(end)}`
}
