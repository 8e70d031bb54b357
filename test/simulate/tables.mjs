/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
export function toTable(head, rows) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  )
}

/** @param {number} number */
export function whole(number) {
  return Math.round(number).toLocaleString('en-US')
}

/** @param {import('./call-count.mjs').CallSummary} summary */
export function rates({ calls, mean, most99, peak }) {
  if (calls === 0) return 'none'
  const rounded = mean < 0.05 ? '<0.1' : mean < 10 ? mean.toFixed(1) : whole(mean)
  return `${rounded} / ${whole(most99)} / ${whole(peak)}`
}

/** @param {import('./call-count.mjs').CallSummary} summary */
export function sharesAbove({ calls, shareAbove }) {
  if (calls === 0) return ''
  return [40, 80].map((limit) => percent(shareAbove(limit))).join(' / ')
}

/** @param {number} share */
function percent(share) {
  if (share === 0) return '0'
  return share < 0.001 ? '<0.1 %' : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
}

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 1) return '<1 s'
  if (seconds < 120) return `${whole(seconds)} s`
  return seconds < 7200 ? `${whole(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}

/**
 * What so large a share of the values does not exceed.
 *
 * @param {readonly number[]} sorted
 * @param {number} share
 */
export function quantile(sorted, share) {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}

/**
 * Puts the tables between the marks of a page.
 *
 * @param {string} page
 * @param {string} text
 */
export function putBetweenMarks(page, text) {
  const [begin, end] = ['<!-- simulate:scale begin -->', '<!-- simulate:scale end -->']
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from === -1 || to < from) throw new Error(`The page must have the lines ${begin} and ${end}`)
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`
}
