/**
 * Counts calls by the second.
 *
 * @typedef {object} CallSummary
 * @property {number} calls
 * @property {number} mean per second, from the first call to the last
 * @property {number} most99 per second that 99.9 % of those seconds do not exceed
 * @property {number} peak in any one second
 * @property {(limit: number) => number} shareAbove of those seconds with more calls than a limit
 */
export function createCallCount() {
  /** @type {Map<number, number>} */
  const bySecond = new Map()
  return {
    /** @param {number} atS */
    add(atS) {
      const second = Math.floor(atS)
      bySecond.set(second, (bySecond.get(second) ?? 0) + 1)
    },
    /** @returns {CallSummary} */
    summary() {
      const counts = [...bySecond.values()].sort((a, b) => a - b)
      const calls = counts.reduce((sum, count) => sum + count, 0)
      let [first, last] = [Infinity, -Infinity]
      for (const second of bySecond.keys()) {
        first = Math.min(first, second)
        last = Math.max(last, second)
      }
      const seconds = calls === 0 ? 1 : last - first + 1
      // Seconds without a call are the smallest ones.
      const rank = Math.ceil(seconds * 0.999) - 1 - (seconds - counts.length)
      return {
        calls,
        mean: calls / seconds,
        most99: counts[rank] ?? 0,
        peak: counts.at(-1) ?? 0,
        shareAbove: (limit) => counts.filter((count) => count > limit).length / seconds,
      }
    },
  }
}
