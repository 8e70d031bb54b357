import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createV4Signer } from '@sluice/worker'
import { checkAftermath } from '../chaos/check.mjs'
import { judgeFailure } from '../chaos/judge-failure.mjs'
import { BUCKET } from '../chaos/local-oss.mjs'
import { FAULT_KINDS } from '../chaos/plan-fault.mjs'
import { planFile } from '../chaos/plan-files.mjs'
import { planTroubles } from '../chaos/plan-troubles.mjs'
import { runChaos } from '../chaos/run.mjs'
import { formatSummary, summarize } from '../chaos/summary.mjs'

type Aftermath = Awaited<ReturnType<typeof runChaos>>

/** The short form of `npm run chaos`. */
const SEED = 20261122
const DURATION_MS = 20_000

describe('20 seconds of chaos', () => {
  let folder: string
  let aftermath: Aftermath
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sluice-chaos-'))
    aftermath = await runChaos({ seed: SEED, durationMs: DURATION_MS, folder })
  }, 180_000)
  afterAll(async () => {
    await aftermath?.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('break no promise', async () => {
    const requests = await aftermath.oss.log()
    const summary = summarize(aftermath, requests, await checkAftermath(aftermath, requests))
    if (!summary.isKept) throw new Error(formatSummary(summary))
    // Something has really happened.
    expect(summary.uploads.succeeded).toBeGreaterThan(20)
    expect(Object.keys(summary.faults).length).toBeGreaterThan(FAULT_KINDS.length / 2)
    expect(summary.retries).toBeGreaterThan(0)
  })

  test('are checked: one byte that is altered is found', async () => {
    const life = aftermath.ledger.lives.find(
      ({ end, file }) => end?.kind === 'succeeded' && file.sizeBytes > 0,
    )
    if (life?.end?.kind !== 'succeeded') throw new Error('Nothing has succeeded')
    const file = path.join(folder, 'oss', BUCKET, life.end.result.key)
    const bytes = await readFile(file)
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    await writeFile(file, bytes)
    const { corrupt } = await checkAftermath(aftermath, await aftermath.oss.log())
    expect(corrupt.join('\n')).toContain(life.end.result.key)
  })

  test('are checked: an upload that is left open is found', async () => {
    const key = 'chaos/a/left-open'
    await initiate(aftermath, key)
    const { leftBehind } = await checkAftermath(aftermath, await aftermath.oss.log())
    expect(leftBehind).toEqual([expect.stringContaining(key)])
  })
})

/** Opens an upload that nobody goes on with. */
async function initiate({ oss }: Aftermath, key: string): Promise<void> {
  const { accessKeyId, accessKeySecret, securityToken } = oss.issue(key, 60)
  const signer = await createV4Signer(
    { accessKeyId, accessKeySecret, securityToken },
    'cn-hangzhou',
    new Date(),
  )
  const request = { method: 'POST', bucket: BUCKET, key, query: { uploads: '' }, headers: {} }
  const headers = await signer.signHeaders(request, new Date())
  const answer = await fetch(`${oss.server.url}/${BUCKET}/${key}?uploads`, { method: 'POST', headers })
  expect(answer.status).toBe(200)
}

describe('the plan', () => {
  test('is the same for the same seed, and another for another', () => {
    const plan = (seed: number): unknown => [
      planTroubles(seed, 60_000),
      Array.from({ length: 50 }, (_, index) => planFile(seed, index)),
    ]
    expect(plan(1)).toEqual(plan(1))
    expect(plan(1)).not.toEqual(plan(2))
  })

  test('has each kind of fault before it has any a second time', () => {
    const kinds = planTroubles(3, 60_000).flatMap((trouble) =>
      trouble.kind === 'fault' ? [trouble.order.kind] : [],
    )
    expect(new Set(kinds.slice(0, FAULT_KINDS.length))).toEqual(new Set(FAULT_KINDS))
  })
})

describe('judgeFailure()', () => {
  type Evidence = Parameters<typeof judgeFailure>[1]
  type LoggedRequest = Evidence['requests'][number]
  const request = (more: Partial<LoggedRequest>): LoggedRequest => ({
    time: '',
    requestId: 'R',
    method: 'PUT',
    op: 'UploadPart',
    bucket: BUCKET,
    key: 'k',
    uploadId: 'u',
    partNumber: 1,
    status: 0,
    code: 'ConnectionDropped',
    bytesIn: 0,
    accessKeyId: '',
    aborted: true,
    faults: ['reset'],
    cameMs: 9000,
    ...more,
  })
  const times = (count: number, more: Partial<LoggedRequest> = {}): LoggedRequest[] =>
    Array.from({ length: count }, () => request(more))
  const refusal = { status: 403, code: 'AccessDenied', aborted: false }
  const stale = { status: 403, code: 'SecurityTokenExpired', aborted: false, faults: ['expired-token'] }

  test.each<readonly [string, boolean, string, Partial<Evidence>]>([
    ['six resets of one part', true, 'NETWORK', { requests: times(6) }],
    ['five resets of one part', false, 'NETWORK', { requests: times(5) }],
    [
      'six resets of two parts',
      false,
      'NETWORK',
      { requests: [...times(3), ...times(3, { partNumber: 2 })] },
    ],
    [
      'preflights that failed among them',
      true,
      'NETWORK',
      { requests: [...times(4), ...times(2, { op: 'Preflight' })] },
    ],
    ['an outage', true, 'NETWORK', { outages: [{ how: 'refuse', fromMs: 5000, toMs: 9500 }] }],
    [
      'an outage that was over long before',
      false,
      'NETWORK',
      { outages: [{ how: 'refuse', fromMs: -90_000, toMs: -80_000 }] },
    ],
    ['a line that was cut once', false, 'NETWORK', { outages: [{ how: 'cut', fromMs: 9500, toMs: 9500 }] }],
    [
      'a refusal that was ordered',
      true,
      'SERVICE_ERROR',
      { requests: times(1, { ...refusal, faults: ['status'] }) },
    ],
    [
      'a refusal of the service itself',
      false,
      'SERVICE_ERROR',
      { requests: times(1, { ...refusal, faults: [] }) },
    ],
    ['credentials refused four times', true, 'SERVICE_ERROR', { requests: times(4, stale) }],
    ['credentials refused once', false, 'SERVICE_ERROR', { requests: times(1, stale) }],
    ['no credentials', true, 'CREDENTIALS_FAILED', { denialsMs: [5000] }],
    ['no credentials though none were denied', false, 'CREDENTIALS_FAILED', {}],
    ['a worker that was killed', true, 'WORKER_CRASHED', { kills: [{ fromMs: 9900, toMs: 9910 }] }],
    ['a worker that died by itself', false, 'WORKER_CRASHED', {}],
    [
      'a checksum that was wrong once',
      false,
      'CHECKSUM_MISMATCH',
      { requests: times(1, { faults: ['wrong-crc'] }) },
    ],
    ['a defect', false, 'UNEXPECTED', { requests: times(6) }],
    ['an error without a type', false, '', { requests: times(6) }],
  ])('of %s: final is %s', (_, isFinal, code, evidence) => {
    const [first] = evidence.requests ?? []
    const error = {
      name: 'UploadError',
      code,
      message: '',
      status: code === 'SERVICE_ERROR' ? first?.status : undefined,
      serviceCode: code === 'SERVICE_ERROR' ? first?.code : undefined,
      requestId: code === 'SERVICE_ERROR' ? 'R' : undefined,
      cause: undefined,
    }
    const why = judgeFailure(error, {
      fromMs: 0,
      toMs: 10_000,
      requests: [],
      outages: [],
      kills: [],
      denialsMs: [],
      ...evidence,
    })
    expect(why === undefined).toBe(isFinal)
  })
})
