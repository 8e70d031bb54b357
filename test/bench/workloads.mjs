/**
 * What is uploaded, over which way.
 *
 * @typedef {object} Workload
 * @property {string} id
 * @property {string} name
 * @property {import('../../packages/demo/dist/bench/content.js').ContentKind} content sparse files are of zeros
 * @property {number} count files
 * @property {number} sizeBytes of each
 * @property {number} rounds
 * @property {Readonly<Record<string, number>>} roundsOf contenders that take part in fewer rounds, since they take long
 * @property {number} delayMs by which the server holds back each answer
 * @property {import('../measure/links/catalogue.mjs').Link & { isHttp2: boolean } | undefined} link undefined: loopback
 * @property {readonly string[] | undefined} contenders undefined: all
 * @property {'run' | 'memory' | 'start'} measures whole runs; or their memory, which takes time from what is measured
 *   besides; or only how long it takes until the first byte is sent
 */

const KIB = 1024
const MIB = 1024 * KIB
const GIB = 1024 * MIB

const LINK = {
  name: 'fast',
  mbitPerSecond: 100,
  rttMs: 50,
  lossPercent: 0,
  queueMs: 100,
  outage: undefined,
  mib: 256,
}
const AIMED = ['ceiling', 'sluice', 'sluice-no-crc']

/** All of them, as the targets want them. @type {readonly Workload[]} */
export const WORKLOADS = [
  workload({ id: 'large', name: 'One file of 1 GiB', sizeBytes: GIB, rounds: 5 }),
  workload({ id: 'rtt', name: 'One file of 1 GiB, 30 ms of round trip', sizeBytes: GIB, delayMs: 30 }),
  workload({ id: 'files', name: '8 files of 128 MiB', count: 8, sizeBytes: 128 * MIB }),
  workload({
    id: 'small',
    name: '2,000 files of 50 KiB',
    count: 2000,
    sizeBytes: 50 * KIB,
    roundsOf: { 'aliyun-upload-vod': 1 },
  }),
  workload({
    id: 'link-h1',
    name: 'One file of 256 MiB, 100 Mbit/s and 50 ms, HTTP/1.1',
    sizeBytes: 256 * MIB,
    link: { ...LINK, isHttp2: false },
    roundsOf: { 'ali-oss': 2, 'ali-oss-8mib': 2, 'aliyun-upload-vod': 2, uppy: 2 },
  }),
  workload({
    id: 'link-h2',
    name: 'One file of 256 MiB, 100 Mbit/s and 50 ms, HTTP/2 with windows of 8 MiB',
    sizeBytes: 256 * MIB,
    link: { ...LINK, isHttp2: true },
    contenders: [...AIMED, 'ali-oss-8mib'],
  }),
  workload({
    id: 'memory',
    name: 'Memory: one file of 1 GiB',
    sizeBytes: GIB,
    rounds: 2,
    measures: 'memory',
  }),
  workload({
    id: 'memory-16',
    name: 'Memory: one sparse file of 16 GiB',
    content: 'zeros',
    sizeBytes: 16 * GIB,
    rounds: 2,
    contenders: ['sluice'],
    measures: 'memory',
  }),
  workload({
    id: 'start',
    name: 'First byte of a sparse file of 16 GiB',
    content: 'zeros',
    sizeBytes: 16 * GIB,
    rounds: 5,
    measures: 'start',
  }),
]

/** Each kind of request once. */
const SMOKED = [...AIMED, 'ali-oss-8mib', 'aliyun-upload-vod', 'uppy']

/** The same instrument in a minute, too coarse to judge by. @type {readonly Workload[]} */
export const QUICK_WORKLOADS = WORKLOADS.flatMap((full) => {
  switch (full.id) {
    case 'large':
      return [{ ...full, name: 'One file of 256 MiB', sizeBytes: 256 * MIB, rounds: 2, contenders: SMOKED }]
    case 'rtt':
      return [
        {
          ...full,
          name: 'One file of 256 MiB, 30 ms of round trip',
          sizeBytes: 256 * MIB,
          rounds: 1,
          contenders: AIMED,
        },
      ]
    case 'small':
      return [{ ...full, name: '200 files of 50 KiB', count: 200, rounds: 2, contenders: AIMED }]
    case 'start':
      return [{ ...full, rounds: 2, contenders: AIMED }]
    default:
      return []
  }
})

/**
 * @param {Pick<Workload, 'id' | 'name' | 'sizeBytes'> & Partial<Workload>} given
 * @returns {Workload}
 */
function workload(given) {
  return {
    content: 'noise',
    count: 1,
    rounds: 3,
    roundsOf: {},
    delayMs: 0,
    link: undefined,
    contenders: undefined,
    measures: 'run',
    ...given,
  }
}
