/**
 * CRC-64/XZ arithmetic: the CRC of a whole from the CRCs of its pieces, without their bytes.
 *
 * A CRC is a remainder modulo the polynomial P. Putting B behind A multiplies A's remainder by x^(8·len(B)), so
 * crc(A‖B) = crc(A) · x^(8·len(B)) mod P, xor crc(B). Initial value and final xor, both all ones, cancel out.
 * All values are in the reflected order of bits, where the highest bit stands for x^0.
 */

/** ECMA-182 polynomial, reflected. (ECMA-182, annex B) */
const POLYNOMIAL = 0xc96c5795d7870f42n
const ONE = 1n << 63n

/** a · b mod P. */
function multiply(a: bigint, b: bigint): bigint {
  let product = 0n
  let shifted = b
  for (let bit = ONE; bit !== 0n; bit >>= 1n) {
    if ((a & bit) !== 0n) product ^= shifted
    shifted = (shifted & 1n) === 0n ? shifted >> 1n : (shifted >> 1n) ^ POLYNOMIAL
  }
  return product
}

/** x^(8·lengthBytes) mod P, by repeated squaring. */
function shiftFactor(lengthBytes: number): bigint {
  let factor = ONE
  let power = ONE >> 8n // x^8: one byte
  for (let rest = BigInt(lengthBytes); rest !== 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) factor = multiply(factor, power)
    power = multiply(power, power)
  }
  return factor
}

/** A piece of a whole: the CRC-64 of its bytes and how many they are. */
export interface Crc64Piece {
  readonly crc64: bigint
  readonly lengthBytes: number
}

/**
 * The CRC-64 of pieces one behind the other; 0 for none.
 *
 * Pieces of equal length share one shift factor, so that 10,000 parts cost 10,000 multiplications and not 10,000
 * exponentiations.
 */
export function combineCrc64(pieces: Iterable<Crc64Piece>): bigint {
  const factors = new Map<number, bigint>()
  let crc64 = 0n
  for (const piece of pieces) {
    const factor = factors.get(piece.lengthBytes) ?? shiftFactor(piece.lengthBytes)
    factors.set(piece.lengthBytes, factor)
    crc64 = multiply(crc64, factor) ^ piece.crc64
  }
  return crc64
}
