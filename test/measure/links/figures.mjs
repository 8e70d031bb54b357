/** @typedef {import('./send-once.mjs').Run} Run */

const COLUMNS = [
  'contender',
  'Mbit/s',
  'of plain, per round',
  'seconds',
  'requests',
  'preflights',
  'repeated',
  'failed',
  'sent/file',
  'connections',
  'CPU busy',
]

/** What a file comes to in Mbit/s; 0 when it did not arrive. @param {Run} run */
export function goodput({ error, sizeBytes, durationMs }) {
  return error === undefined ? (sizeBytes * 8) / durationMs / 1000 : 0
}

/**
 * What the service saw of a run.
 *
 * @param {Run} run
 */
export function countRequests({ log, sizeBytes }) {
  const preflights = log.filter(({ method }) => method === 'OPTIONS').length
  const bodies = log.filter(({ op }) => op === 'PutObject' || op === 'UploadPart')
  const different = new Set(bodies.map(({ partNumber }) => partNumber)).size
  return {
    requests: log.length - preflights,
    preflights,
    repeated: bodies.length - different,
    failed: log.filter(({ status, aborted }) => aborted || status === 0 || status >= 400).length,
    sentShare: bodies.reduce((sum, { bytesIn }) => sum + bytesIn, 0) / sizeBytes,
  }
}

/**
 * One row for each contender: medians, with the least and the most where they matter.
 *
 * @param {readonly Run[]} runs of one link
 * @returns {string} a table in Markdown
 */
export function tabulate(runs) {
  const contenders = [...new Set(runs.map(({ contender }) => contender))]
  const rows = contenders.map((contender) => {
    const own = runs.filter((run) => run.contender === contender)
    const counts = own.map(countRequests)
    return [
      contender,
      spread(own.map(goodput), 1),
      spread(compare(runs, contender, 'plain'), 2),
      spread(
        own.map(({ durationMs }) => durationMs / 1000),
        1,
      ),
      ...[
        counts.map(({ requests }) => requests),
        counts.map(({ preflights }) => preflights),
        counts.map(({ repeated }) => repeated),
        counts.map(({ failed }) => failed),
      ].map((values) => median(values).toFixed(0)),
      median(counts.map(({ sentShare }) => sentShare)).toFixed(2),
      median(own.map(({ peakConnections }) => peakConnections)).toFixed(0),
      `${(median(own.map(({ cpuBusy }) => cpuBusy)) * 100).toFixed(0)} %`,
    ]
  })
  return [COLUMNS, COLUMNS.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/**
 * Goodput of one contender over that of another, round by round; rounds that one of them lacks are left out.
 *
 * @param {readonly Run[]} runs of one link
 * @param {string} contender
 * @param {string} other
 */
export function compare(runs, contender, other) {
  return runs
    .filter((run) => run.contender === contender)
    .flatMap((run) => {
      const pair = runs.find(({ contender: name, round }) => name === other && round === run.round)
      return pair === undefined || goodput(pair) === 0 ? [] : [goodput(run) / goodput(pair)]
    })
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((one, another) => one - another)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length % 2 === 1) return sorted[middle] ?? Number.NaN
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

/**
 * @param {readonly number[]} values
 * @param {number} digits
 */
function spread(values, digits) {
  if (values.length === 0) return ''
  const middle = median(values).toFixed(digits)
  if (values.length === 1) return middle
  return `${middle} (${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)})`
}
