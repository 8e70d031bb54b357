/**
 * What a run comes to, as the tables tell it: its callbacks, and what there is at its end.
 *
 * @typedef {object} Line
 * @property {string} key what is compared
 * @property {Range} [count] progress that came one after the other
 * @property {Range} [first] its first ratio
 * @property {Range} [last] its last ratio
 *
 * @typedef {readonly [least: number, most: number]} Range over the rounds
 */

/**
 * @param {import('./scenarios/scenario.mjs').Scenario} scenario
 * @param {import('./stage.mjs').Seen} seen
 * @returns {readonly Line[]}
 */
export function toLines(scenario, seen) {
  const names = Object.keys(scenario.files)
  /** @param {string | undefined} name */
  const place = (name) => (name === undefined ? '' : ` ${names.indexOf(name)}`)
  if (scenario.shows === 'traces it leaves in the page') return asideLines(seen)
  const callbacks = collapse(
    seen.steps
      .filter(({ what }) => scenario.shows === 'adding too' || !what.startsWith('addFile'))
      .filter((step) => !goesWithoutSaying(step))
      .map(({ what, file, state, note, ratio }) => ({
        key: `${what}${place(file)}${state === undefined ? '' : ` ${state}`}${note === undefined ? '' : `: ${note}`}`,
        ...(ratio !== undefined && progressOf(ratio)),
      })),
  )
  const list = seen.list.map(([name, state]) => `${names.indexOf(name)} ${state}`)
  const objects = seen.objects.map(
    ({ name, isWhole }) => `${names.indexOf(name)} ${isWhole ? 'whole' : 'broken'}`,
  )
  const requests = Object.entries(seen.requests).sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    ...callbacks,
    { key: `listFiles: ${list.join(', ')}` },
    { key: `stored: ${objects.join(', ') || 'none'}` },
    {
      key: `left open: ${seen.open.map((name) => `an upload of ${names.indexOf(name)}`).join(', ') || 'none'}`,
    },
    ...requests.map(([op, count]) => ({ key: `${op} × ${count}` })),
    ...(seen.sentAgain ? [{ key: 'parts stored more than once' }] : []),
  ]
}

/**
 * @param {number} ratio
 * @returns {Pick<Line, 'count' | 'first' | 'last'>}
 */
function progressOf(ratio) {
  return { count: [1, 1], first: [ratio, ratio], last: [ratio, ratio] }
}

/**
 * What the page does after `onUploadstarted` is the same each time: it is told when it goes wrong.
 *
 * @param {import('./page/main.ts').Step} step
 */
function goesWithoutSaying({ what, note }) {
  if (what === 'CreateUploadVideo' || what === 'RefreshUploadVideo') return note === 'answered'
  return what === 'setUploadAuthAndAddress' && (note === undefined || note === 'true')
}

/**
 * @param {import('./stage.mjs').Seen} seen
 * @returns {readonly Line[]}
 */
function asideLines({ steps, strangers, cookies, isBeforeUnloadTaken }) {
  const answers = [
    ...new Set(
      steps.filter(({ what }) => what === 'setUploadAuthAndAddress').map(({ note = 'undefined' }) => note),
    ),
  ]
  const extras = [
    ...new Set(
      steps.filter(({ extra }) => extra !== undefined).map(({ what, extra }) => `${what}: ${extra}`),
    ),
  ].sort()
  const hosts = [...new Set(strangers.map((url) => new URL(url).hostname))]
  return [
    { key: `setUploadAuthAndAddress answers ${answers.join(', ')}` },
    ...extras.map((extra) => ({ key: `second argument of ${extra}` })),
    { key: `window.onbeforeunload is ${isBeforeUnloadTaken ? 'replaced' : 'left alone'}` },
    { key: `cookies: ${cookies.join(', ') || 'none'}` },
    strangers.length === 0
      ? { key: 'requests to others: none' }
      : { key: `requests to others: ${hosts.join(', ')}`, count: [strangers.length, strangers.length] },
  ]
}

/**
 * Makes one line of progress that came one after the other.
 *
 * @param {readonly Line[]} lines
 * @returns {readonly Line[]}
 */
function collapse(lines) {
  /** @type {Line[]} */
  const collapsed = []
  for (const line of lines) {
    const before = collapsed.at(-1)
    // Progress comes by the clock: whether it does before the page has answered is chance.
    if (line.count && before?.key.startsWith('onUploadTokenExpired')) continue
    if (before?.key === line.key && before.count && line.count) {
      const count = /** @type {Range} */ ([before.count[0] + line.count[0], before.count[1] + line.count[1]])
      collapsed[collapsed.length - 1] = {
        ...before,
        ...line,
        count,
        ...(before.first && { first: before.first }),
      }
    } else collapsed.push(line)
  }
  return collapsed
}

/**
 * Makes one of the runs of all rounds. What is not the same in all of them, as is known, is left out.
 *
 * @param {readonly (readonly Line[])[]} rounds
 * @param {readonly string[]} sometimes keys
 * @returns {readonly Line[] | undefined} undefined when the rounds differ in more than that
 */
export function mergeRounds(rounds, sometimes) {
  const steady = rounds.map((lines) => collapse(lines.filter(({ key }) => !sometimes.includes(key))))
  const [first = [], ...others] = steady
  if (
    others.some((lines) => lines.map(({ key }) => key).join('\n') !== first.map(({ key }) => key).join('\n'))
  )
    return undefined
  return first.map((line, index) => others.reduce((merged, lines) => widen(merged, lines[index]), line))
}

/**
 * @param {Line} line
 * @param {Line | undefined} other
 * @returns {Line}
 */
function widen(line, other) {
  /**
   * @param {Range | undefined} a
   * @param {Range | undefined} b
   * @returns {Range | undefined}
   */
  const span = (a, b) => a && b && [Math.min(a[0], b[0]), Math.max(a[1], b[1])]
  const count = span(line.count, other?.count)
  const first = span(line.first, other?.first)
  const last = span(line.last, other?.last)
  return { key: line.key, ...(count && { count }), ...(first && { first }), ...(last && { last }) }
}

/**
 * How much progress there was.
 *
 * @param {Line} line
 */
export function tellFigures({ count, first, last }) {
  const times = count === undefined ? '' : `, ${range(count)}×`
  const ratios = first === undefined || last === undefined ? '' : `, ${range(first)} to ${range(last)}`
  return times + ratios
}

/** @param {Range} range */
function range([least, most]) {
  const digits = (/** @type {number} */ value) => String(Number(value.toFixed(2)))
  return digits(least) === digits(most) ? digits(least) : `${digits(least)}–${digits(most)}`
}
