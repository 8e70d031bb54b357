import { Buffer } from 'node:buffer'
import { makeFileBytes } from './file-bytes.mjs'
import { judgeFailure } from './judge-failure.mjs'
import { sortOpenUploads } from './left-behind.mjs'
import { BUCKET } from './local-oss.mjs'

/** @typedef {import('./ledger.mjs').Life} Life */
/** @typedef {import('./run.mjs').Aftermath} Aftermath */
/** @typedef {import('./local-oss.mjs').LoggedRequest} LoggedRequest */

/**
 * What was promised and not kept; each entry is a sentence.
 *
 * @typedef {object} Findings
 * @property {readonly string[]} corrupt objects of uploads that have succeeded
 * @property {readonly string[]} hung uploads
 * @property {readonly string[]} leftBehind on the service, or in the browser
 * @property {readonly string[]} falseFailures errors without a type, or that were not final
 * @property {readonly string[]} notMended failures that a second try did not mend
 * @property {readonly string[]} strays errors that nobody caught
 * @property {number} unknowable uploads left open whose Initiate was never answered
 * @property {number} lateObjects objects of canceled uploads: the whole body was there before the cancel
 */

/**
 * Looks at all that a run left. May be called again.
 *
 * @param {Aftermath} aftermath
 * @param {readonly LoggedRequest[]} requests
 * @returns {Promise<Findings>}
 */
export async function checkAftermath(aftermath, requests) {
  const { ledger, oss, troubles, hung, resumable } = aftermath
  const open = oss.server
    .listUploads(BUCKET)
    .map(({ key, uploadId, parts }) => ({ key, uploadId, parts: parts.size }))
  const { leftBehind, unknowable } = sortOpenUploads(open, requests, troubles)
  const corrupt = []
  for (const life of ledger.lives) {
    const words = await findCorruption(life, oss)
    if (words !== undefined) corrupt.push(`${nameOf(life)}: ${words}`)
  }
  return {
    corrupt,
    hung: hung.map((life) => `${nameOf(life)} is ${life.status}`),
    leftBehind: [
      ...leftBehind.map(({ key, uploadId, parts }) => `${key} (${uploadId}) with ${parts} parts`),
      ...resumable.map((name) => `${name}: a checkpoint in the browser`),
    ],
    falseFailures: findFalseFailures(aftermath, requests),
    notMended: findNotMended(ledger.lives),
    strays: ledger.strays,
    unknowable: unknowable.length,
    lateObjects: await countLateObjects(aftermath),
  }
}

/**
 * @param {Life} life
 * @param {import('./local-oss.mjs').LocalOss} oss
 * @returns {Promise<string | undefined>} what is wrong
 */
async function findCorruption({ file, end }, oss) {
  if (end?.kind !== 'succeeded') return undefined
  const { key, sizeBytes, crc64Verified } = end.result
  const stored = await oss.read(key)
  if (stored === undefined) return `there is no object ${key}`
  const expected = Buffer.from(makeFileBytes(file.bytesSeed, file.sizeBytes).buffer, 0, file.sizeBytes)
  if (stored.length !== expected.length || sizeBytes !== expected.length) {
    return `${key} has ${stored.length} bytes, the result says ${sizeBytes}, the file has ${expected.length}`
  }
  if (stored.equals(expected)) return undefined
  const at = stored.findIndex((byte, index) => byte !== expected[index])
  return `${key} differs from byte ${at} of ${stored.length} on (crc64Verified: ${crc64Verified})`
}

/**
 * @param {Aftermath} aftermath
 * @param {readonly LoggedRequest[]} requests
 */
function findFalseFailures({ ledger, troubles, denials, owners }, requests) {
  /** @type {string[]} */
  const found = []
  for (const life of ledger.lives) {
    const { end, file, handedAtMs, cancelCalled } = life
    if (end?.kind === 'canceled' && !cancelCalled) found.push(`${nameOf(life)} was canceled by nobody`)
    if (end?.kind !== 'failed') continue
    const why = judgeFailure(end.error, {
      fromMs: handedAtMs,
      toMs: end.atMs,
      requests: requests.filter(
        ({ key, cameMs }) => owners.get(key) === file.name && cameMs >= handedAtMs && cameMs <= end.atMs,
      ),
      outages: troubles.outages,
      kills: troubles.kills,
      denialsMs: denials.filter(({ name }) => name === file.name).map(({ atMs }) => atMs),
    })
    const { code, message } = end.error
    if (why !== undefined) found.push(`${nameOf(life)}: ${code} (${message}), but ${why}`)
  }
  return found
}

/** @param {readonly Life[]} lives */
function findNotMended(lives) {
  return lives.flatMap((life) => {
    const { phase, end, cancelError } = life
    const isMended =
      phase === 'wild' ||
      end?.kind === 'succeeded' ||
      (phase === 'second-cancel' && end?.kind === 'canceled' && cancelError === undefined)
    if (isMended) return []
    const words = end?.kind === 'failed' ? end.error.message : (cancelError?.message ?? '')
    return [`${nameOf(life)}, ${phase}: ${end?.kind ?? 'no end'} ${words}`]
  })
}

/** @param {Aftermath} aftermath */
async function countLateObjects({ ledger, owners, oss }) {
  const canceled = new Set(
    ledger.last().flatMap(({ file, end }) => (end?.kind === 'canceled' ? [file.name] : [])),
  )
  const keys = [...owners].flatMap(([key, name]) => (canceled.has(name) ? [key] : []))
  const objects = await Promise.all(keys.map((key) => oss.read(key)))
  return objects.filter((object) => object !== undefined).length
}

/** @param {Life} life */
function nameOf({ file, number }) {
  return `${file.name} (${file.sizeBytes} bytes, upload ${number})`
}
