/** @typedef {import('./check.mjs').Findings} Findings */
/** @typedef {import('./local-oss.mjs').LoggedRequest} LoggedRequest */

/**
 * A run in numbers, and what was found.
 *
 * @typedef {object} Summary
 * @property {number} seed
 * @property {number} seconds of troubles
 * @property {{ files: number, handedOver: number, succeeded: number, failed: number, canceled: number,
 *   interrupted: number, mended: number, pauses: number }} uploads
 * @property {Readonly<Record<string, number>>} failures by code
 * @property {Readonly<Record<string, number>>} faults requests that met them, by kind
 * @property {{ outages: number, credentialsDenied: number, workersKilled: number, reloads: number }} troubles
 * @property {number} requests preflights left out
 * @property {number} retries requests for the same thing of the same object beyond the first
 * @property {number} bytesSent bodies that came, whole or not
 * @property {number} bytesOfFiles that have succeeded
 * @property {Findings} findings
 * @property {boolean} isKept every promise
 */

/**
 * @param {import('./run.mjs').Aftermath} aftermath
 * @param {readonly LoggedRequest[]} requests
 * @param {Findings} findings
 * @returns {Summary}
 */
export function summarize({ seed, durationMs, ledger, troubles, denials }, requests, findings) {
  const real = requests.filter(({ op }) => op !== 'Preflight')
  const things = new Set(real.map(({ key, op, partNumber }) => `${key} ${op} ${partNumber}`))
  const wild = ledger.lives.filter(({ phase }) => phase === 'wild')
  const mended = ledger.lives.filter(({ phase, end }) => phase === 'second-try' && end?.kind === 'succeeded')
  /** @param {string} kind */
  const ended = (kind) => wild.filter(({ end }) => end?.kind === kind)
  const arrived = new Map([...ended('succeeded'), ...mended].map(({ file }) => [file.index, file.sizeBytes]))
  return {
    seed,
    seconds: durationMs / 1000,
    uploads: {
      files: ledger.last().length,
      handedOver: ledger.lives.length,
      succeeded: ended('succeeded').length,
      failed: ended('failed').length,
      canceled: ended('canceled').length,
      interrupted: ended('interrupted').length,
      mended: mended.length,
      pauses: wild.reduce((sum, { pauses }) => sum + pauses, 0),
    },
    failures: count(wild.flatMap(({ end }) => (end?.kind === 'failed' ? [failureName(end.error)] : []))),
    faults: count(requests.flatMap(({ faults }) => faults)),
    troubles: {
      outages: troubles.outages.length,
      credentialsDenied: denials.length,
      workersKilled: troubles.kills.length,
      reloads: troubles.reloads.length,
    },
    requests: real.length,
    retries: real.length - things.size,
    bytesSent: real.reduce((sum, { bytesIn }) => sum + bytesIn, 0),
    bytesOfFiles: [...arrived.values()].reduce((sum, sizeBytes) => sum + sizeBytes, 0),
    findings,
    isKept: promisesOf(findings).every(([, broken]) => broken.length === 0),
  }
}

/**
 * The summary as a table, and below it what was found.
 *
 * @param {Summary} summary
 */
export function formatSummary(summary) {
  const { uploads, troubles, findings, bytesSent, bytesOfFiles } = summary
  const promises = promisesOf(findings)
  /** @type {readonly (readonly [string, string | number])[]} */
  const rows = [
    ['Seed', summary.seed],
    ['Seconds of troubles', summary.seconds],
    ['Files', uploads.files],
    ['Uploads of them', uploads.handedOver],
    ['  succeeded', uploads.succeeded],
    ['  canceled', uploads.canceled],
    ['  interrupted by a reload, and handed over again', uploads.interrupted],
    ['  failed', uploads.failed],
    ...Object.entries(summary.failures).map(([name, times]) => /** @type {const} */ ([`    ${name}`, times])),
    ['  succeeded with a second try', uploads.mended],
    ['Pauses', uploads.pauses],
    ['Requests that met a fault', Object.values(summary.faults).reduce((sum, times) => sum + times, 0)],
    ...Object.entries(summary.faults).map(([kind, times]) => /** @type {const} */ ([`  ${kind}`, times])),
    ['Outages', troubles.outages],
    ['Credentials denied', troubles.credentialsDenied],
    ['Workers killed', troubles.workersKilled],
    ['Reloads', troubles.reloads],
    ['Requests', summary.requests],
    ['Retries', summary.retries],
    [
      'Sent / size of the files',
      `${mib(bytesSent)} / ${mib(bytesOfFiles)} MiB = ${ratio(bytesSent, bytesOfFiles)}`,
    ],
    ['Opened, and the answer lost (purged by the service)', findings.unknowable],
    ['Whole on the service before it was canceled', findings.lateObjects],
    ...promises.map(([name, broken]) => /** @type {const} */ ([name, broken.length])),
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return [
    ...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    ...promises.flatMap(([name, broken]) => broken.map((words) => `${name}: ${words}`)),
  ].join('\n')
}

/**
 * @param {Findings} findings
 * @returns {readonly (readonly [name: string, broken: readonly string[]])[]}
 */
function promisesOf({ corrupt, hung, leftBehind, falseFailures, notMended, strays }) {
  return [
    ['Corrupt objects', corrupt],
    ['Hung uploads', hung],
    ['Left behind', leftBehind],
    ['Failures that were not final', falseFailures],
    ['Failures that a second try did not mend', notMended],
    ['Errors that nobody caught', strays],
  ]
}

/** @param {import('./page/reports.ts').ErrorReport} error */
function failureName({ code, name, status, serviceCode }) {
  if (code === '') return name
  return status === undefined ? code : `${code} ${status} ${serviceCode ?? ''}`.trim()
}

/** @param {readonly string[]} names */
function count(names) {
  /** @type {Map<string, number>} */
  const counts = new Map()
  for (const name of names.toSorted()) counts.set(name, (counts.get(name) ?? 0) + 1)
  return Object.fromEntries(counts)
}

/** @param {number} bytes */
function mib(bytes) {
  return (bytes / 1024 ** 2).toFixed(1)
}

/**
 * @param {number} a
 * @param {number} b
 */
function ratio(a, b) {
  return b === 0 ? '–' : (a / b).toFixed(2)
}
