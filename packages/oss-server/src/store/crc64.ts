/**
 * CRC-64 as `x-oss-hash-crc64ecma` gives it: CRC-64/XZ, reflected, initial value and final xor all ones.
 * Hashing of bytes is hash-wasm's; here is what it lacks, joining two values.
 */

/** Reflected polynomial: bit 63 stands for x^0. */
const POLYNOMIAL = 0xc96c5795d7870f42n

/** x^0 in the reflected field. */
const ONE = 1n << 63n

/** Product of two polynomials modulo the CRC's polynomial, reflected. */
function multiply(a: bigint, b: bigint): bigint {
  let product = 0n
  let shifted = b
  for (let bit = ONE; bit > 0n; bit >>= 1n) {
    if ((a & bit) !== 0n) product ^= shifted
    shifted = (shifted & 1n) === 1n ? (shifted >> 1n) ^ POLYNOMIAL : shifted >> 1n
  }
  return product
}

/** x^(8 * lengthBytes) modulo the polynomial, by squaring. */
function powerOfByteShift(lengthBytes: bigint): bigint {
  let result = ONE
  // x^8 in the reflected field.
  let square = ONE >> 8n
  for (let rest = lengthBytes; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = multiply(result, square)
    square = multiply(square, square)
  }
  return result
}

/**
 * CRC of A followed by B.
 *
 * @param crcA CRC of A
 * @param crcB CRC of B
 * @param lengthB length of B in bytes, a non-negative integer
 */
export function combineCrc64(crcA: bigint, crcB: bigint, lengthB: number): bigint {
  return multiply(crcA, powerOfByteShift(BigInt(lengthB))) ^ crcB
}

/**
 * CRC of pieces in their order.
 *
 * @returns `undefined` when one of them has none
 */
export function foldCrc64(
  pieces: Iterable<{ readonly crc64: bigint | undefined; readonly sizeBytes: number }>,
): bigint | undefined {
  let crc = 0n
  for (const piece of pieces) {
    if (piece.crc64 === undefined) return undefined
    crc = combineCrc64(crc, piece.crc64, piece.sizeBytes)
  }
  return crc
}
