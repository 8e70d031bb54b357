import createWabt from 'wabt'

/**
 * CRC-64/XZ as WebAssembly text, sixteen bytes at a time: "slicing by N" (M. Kounavis and F. Berry, "Novel Table
 * Lookup-Based Algorithms for High-Performance CRC Generation", 2008). Table t tells what a byte is worth that has t bytes
 * behind it in its slice, so that the lookups of a slice do not wait for one another.
 */

/** ECMA-182 polynomial, reflected. (ECMA-182, annex B) */
const POLYNOMIAL = '0xc96c5795d7870f42'
const SLICE_BYTES = 16
/** An entry of eight bytes for each byte. */
const TABLE_BYTES = 256 * 8
/** Bytes to be hashed lie behind the tables. */
const INPUT = SLICE_BYTES * TABLE_BYTES
const PAGE_BYTES = 64 * 1024
const PAGES = 2

/**
 * The entry of one of eight bytes. The byte is shifted to where the entry's offset is, which saves an instruction for each
 * byte.
 *
 * @param {string} bytes name of a local
 * @param {number} index of the byte
 * @param {number} behind bytes of the slice that follow it
 */
function entry(bytes, index, behind) {
  const shifted =
    index === 0
      ? `(i64.shl (local.get ${bytes}) (i64.const 3))`
      : `(i64.shr_u (local.get ${bytes}) (i64.const ${index * 8 - 3}))`
  return `(i64.load offset=${behind * TABLE_BYTES} (i32.and (i32.wrap_i64 ${shifted}) (i32.const ${255 * 8})))`
}

/** @type {(terms: readonly string[]) => string} */
const xorAll = ([first = '', second = '', ...rest]) =>
  rest.length === 0 && second === ''
    ? first
    : // In pairs, again and again: a chain would make each wait for the one before.
      xorAll([...rest, `(i64.xor ${first} ${second})`])

const indexes = Array.from({ length: 8 }, (_, index) => index)
const slice = xorAll([
  ...indexes.map((index) => entry('$high', index, 7 - index)),
  ...indexes.map((index) => entry('$low', index, 15 - index)),
])

/** CRC after one more byte. */
const ADD_BYTE = `(func $addByte (param $crc i64) (param $byte i64) (result i64)
  (i64.xor
    (i64.load (i32.shl (i32.wrap_i64 (i64.and (i64.xor (local.get $crc) (local.get $byte)) (i64.const 255))) (i32.const 3)))
    (i64.shr_u (local.get $crc) (i64.const 8))))`

/** Fills the tables when the module is started: the first bit by bit, each of the others from the one before. */
const PREPARE = `(func $prepare (local $byte i32) (local $step i32) (local $crc i64)
  (loop $bytes
    (local.set $crc (i64.extend_i32_u (local.get $byte)))
    (local.set $step (i32.const 8))
    (loop $bits
      (local.set $crc (i64.xor
        (i64.shr_u (local.get $crc) (i64.const 1))
        (i64.and (i64.const ${POLYNOMIAL}) (i64.sub (i64.const 0) (i64.and (local.get $crc) (i64.const 1))))))
      (br_if $bits (local.tee $step (i32.sub (local.get $step) (i32.const 1)))))
    (i64.store (i32.shl (local.get $byte) (i32.const 3)) (local.get $crc))
    (br_if $bytes (i32.lt_u (local.tee $byte (i32.add (local.get $byte) (i32.const 1))) (i32.const 256))))
  (local.set $byte (i32.const ${TABLE_BYTES}))
  (loop $entries
    (i64.store (local.get $byte)
      (call $addByte (i64.load (i32.sub (local.get $byte) (i32.const ${TABLE_BYTES}))) (i64.const 0)))
    (br_if $entries
      (i32.lt_u (local.tee $byte (i32.add (local.get $byte) (i32.const 8))) (i32.const ${INPUT})))))`

/** CRC of what came before (0 for nothing) and of so many bytes of the input behind it. */
const UPDATE = `(func (export "update") (param $before i64) (param $lengthBytes i32) (result i64)
  (local $crc i64) (local $at i32) (local $end i32) (local $low i64) (local $high i64)
  (local.set $crc (i64.xor (local.get $before) (i64.const -1)))
  (local.set $at (i32.const ${INPUT}))
  (local.set $end (i32.add (i32.const ${INPUT}) (i32.and (local.get $lengthBytes) (i32.const ${-SLICE_BYTES}))))
  (block $sliced
    (loop $slices
      (br_if $sliced (i32.ge_u (local.get $at) (local.get $end)))
      (local.set $low (i64.xor (i64.load (local.get $at)) (local.get $crc)))
      (local.set $high (i64.load offset=8 (local.get $at)))
      (local.set $crc ${slice})
      (local.set $at (i32.add (local.get $at) (i32.const ${SLICE_BYTES})))
      (br $slices)))
  (local.set $end (i32.add (i32.const ${INPUT}) (local.get $lengthBytes)))
  (block $done
    (loop $bytes
      (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
      (local.set $crc (call $addByte (local.get $crc) (i64.load8_u (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $bytes)))
  (i64.xor (local.get $crc) (i64.const -1)))`

const SOURCE = `(module
(memory (export "memory") ${PAGES})
${ADD_BYTE}
${PREPARE}
${UPDATE}
(start $prepare))
`

/** Where the input lies in memory. */
export const INPUT_RANGE = { start: INPUT, end: PAGES * PAGE_BYTES }

/** @returns {Promise<Uint8Array>} the module */
export async function assembleCrc64() {
  const wabt = await createWabt()
  return wabt.parseWat('crc64.wat', SOURCE).toBinary({}).buffer
}
