/**
 * What is measured, and with what arguments.
 *
 * @typedef {object} Stage
 * @property {string} id
 * @property {string} stage name in page/worker.ts
 * @property {string} name
 * @property {'part' | 'alternative' | 'request'} group a part of what Sluice does, another way to do it, or a cost that each
 *   request has, whatever its size
 * @property {number} mib of a slice
 * @property {number} parallel slices at a time
 */

/** @type {(group: Stage['group'], id: string, name: string, stage: string, mib?: number, parallel?: number) => Stage} */
const stage = (group, id, name, stageName, mib = 8, parallel = 1) => ({
  group,
  id,
  name,
  stage: stageName,
  mib,
  parallel,
})

/** @type {readonly Stage[]} */
export const STAGES = [
  stage('part', 'send-8', 'send slices of 8 MiB, 6 at a time: the ceiling', 'send', 8, 6),
  stage('part', 'send-32', 'send slices of 32 MiB, 6 at a time', 'send', 32, 6),
  stage('part', 'send-1', 'send slices of 1 MiB, 6 at a time', 'send', 1, 6),
  stage('part', 'read', 'read by a byte stream, 32 MiB at a time', 'read', 32),
  stage('part', 'read-hash', 'read so, and hash', 'read-hash', 32),
  stage('part', 'hash', 'hash memory', 'hash'),
  stage('part', 'copy', 'copy memory', 'copy'),
  stage('part', 'all-8', 'send, read and hash, 8 MiB', 'send-read-hash', 8, 6),
  stage('part', 'all-32', 'send, read and hash, 32 MiB', 'send-read-hash', 32, 6),
  stage('alternative', 'hash-wasm', 'hash memory by hash-wasm', 'hash-wasm'),
  stage('alternative', 'whole-8', 'read by `arrayBuffer()`, 8 MiB, 2 at a time', 'read-whole', 8, 2),
  stage('alternative', 'whole-1', 'read by `arrayBuffer()`, 1 MiB, 2 at a time', 'read-whole', 1, 2),
  stage('alternative', 'sync-8', 'read by `FileReaderSync`, 8 MiB', 'read-sync'),
  stage('alternative', 'send-memory', 'send 8 MiB of an `ArrayBuffer`, 6 at a time', 'send-memory', 8, 6),
  stage('alternative', 'make-blob', 'make a `Blob` of 8 MiB of memory', 'make-blob'),
  stage('alternative', 'send-blob', 'send a `Blob` of 8 MiB of memory, 6 at a time', 'send-blob', 8, 6),
  stage(
    'alternative',
    'memory-8',
    'read 8 MiB, hash and send them from memory, 6 at a time',
    'read-hash-send-memory',
    8,
    6,
  ),
  stage('request', 'sign', 'signature V4 of a part', 'sign'),
  stage('request', 'checkpoint', 'checkpoint of 64 parts written', 'checkpoint'),
  stage('request', 'slice', 'slice of a file', 'slice'),
  stage('request', 'read-small', '50 KiB read by `arrayBuffer()`', 'read-small'),
  stage('request', 'put-empty', 'preflight and PUT of nothing, one after the other', 'put-empty'),
]
