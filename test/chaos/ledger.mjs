/** @typedef {import('./page/reports.ts').Report} Report */
/** @typedef {import('./page/reports.ts').ErrorReport} ErrorReport */

/**
 * How an upload ended. `interrupted`: its page was reloaded; another life of the same file follows.
 *
 * @typedef {{ readonly atMs: number } & (
 *   | { readonly kind: 'succeeded', readonly result: import('@sluice/core').UploadResult }
 *   | { readonly kind: 'failed', readonly error: ErrorReport }
 *   | { readonly kind: 'canceled' }
 *   | { readonly kind: 'interrupted' }
 * )} End
 */

/**
 * One upload of a file, from its being handed over to its end.
 *
 * @typedef {object} Life
 * @property {number} number from 0, over all files
 * @property {import('./plan-files.mjs').PlannedFile} file
 * @property {'wild' | 'second-try' | 'second-cancel'} phase
 * @property {number} handedAtMs
 * @property {number} pauses
 * @property {boolean} cancelCalled
 * @property {ErrorReport | undefined} cancelError why something may be left, says `cancel()`
 * @property {End | undefined} end
 */

/**
 * What became of all files that were handed over.
 *
 * @typedef {object} Ledger
 * @property {readonly Life[]} lives
 * @property {string[]} strays errors that nobody caught
 * @property {(file: import('./plan-files.mjs').PlannedFile, phase: Life['phase']) => Life} begin
 * @property {(report: Report) => void} record
 * @property {() => readonly Life[]} unended
 * @property {() => readonly Life[]} interrupt ends what has no end yet; answers what that was
 * @property {() => readonly Life[]} last the last life of each file
 */

/** @returns {Ledger} */
export function createLedger() {
  /** @type {Life[]} */
  const lives = []
  /** @type {string[]} */
  const strays = []
  const unended = () => lives.filter(({ end }) => end === undefined)

  /** @param {number} number */
  const lifeOf = (number) => {
    const life = lives[number]
    if (life === undefined) throw new Error(`There is no life ${number}`)
    return life
  }

  return {
    lives,
    strays,
    begin(file, phase) {
      const life = {
        number: lives.length,
        file,
        phase,
        handedAtMs: Date.now(),
        pauses: 0,
        cancelCalled: false,
        cancelError: undefined,
        end: undefined,
      }
      lives.push(life)
      return life
    },
    record(report) {
      switch (report.type) {
        case 'succeeded':
          lifeOf(report.life).end = { kind: 'succeeded', result: report.result, atMs: report.atMs }
          break
        case 'failed':
          lifeOf(report.life).end = { kind: 'failed', error: report.error, atMs: report.atMs }
          break
        case 'canceled':
          lifeOf(report.life).end = { kind: 'canceled', atMs: report.atMs }
          break
        case 'paused':
          lifeOf(report.life).pauses += 1
          break
        case 'cancel-called':
          lifeOf(report.life).cancelCalled = true
          break
        case 'cancel-failed':
          lifeOf(report.life).cancelError = report.error
          break
        case 'stray':
          strays.push(report.words)
          break
      }
    },
    unended,
    interrupt() {
      const interrupted = unended()
      const atMs = Date.now()
      for (const life of interrupted) life.end = { kind: 'interrupted', atMs }
      return interrupted
    },
    last: () => [...new Map(lives.map((life) => [life.file.index, life])).values()],
  }
}
