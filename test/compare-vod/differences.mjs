/**
 * A row of a table: the same on both sides, or what one or both have for themselves.
 *
 * @typedef {object} Row
 * @property {import('./lines.mjs').Line | undefined} [incumbent]
 * @property {import('./lines.mjs').Line | undefined} [here]
 * @property {readonly string[]} intended ids of rows of "What differs on purpose"; none where both are the same
 *
 * @typedef {object} Intended
 * @property {string} row id of a row of "What differs on purpose"
 * @property {readonly string[]} [incumbent] keys of lines that only the incumbent has
 * @property {readonly string[]} [here] keys of lines that only the drop-in has
 * @property {readonly string[]} [sometimes] keys of lines that the incumbent has in some runs only, or now here, now there
 *
 * @typedef {object} Comparison
 * @property {readonly Row[]} rows
 * @property {readonly string[]} faults differences that nobody intended, and intended ones that are not there
 */

/**
 * @param {readonly import('./lines.mjs').Line[]} incumbent
 * @param {readonly import('./lines.mjs').Line[]} here
 * @param {readonly Intended[]} intended
 * @returns {Comparison}
 */
export function compareLines(incumbent, here, intended) {
  const faults = []
  const sides = /** @type {const} */ (['incumbent', 'here'])
  const pairs = align(incumbent, here)
  /** @param {typeof sides[number]} side */
  const keysAlone = (side) =>
    pairs
      .filter((pair) => pair.incumbent === undefined || pair.here === undefined)
      .map((pair) => pair[side]?.key)
  for (const side of sides) {
    const alone = keysAlone(side)
    for (const { row, [side]: keys = [] } of intended)
      for (const key of keys) if (!alone.includes(key)) faults.push(`${row} is not seen: "${key}" (${side})`)
  }
  const rows = pairs.map((pair) => {
    if (pair.incumbent !== undefined && pair.here !== undefined) return { ...pair, intended: [] }
    const ids = sides.flatMap((side) => {
      const key = pair[side]?.key
      const row = key === undefined ? undefined : intended.find((it) => it[side]?.includes(key))?.row
      if (key !== undefined && row === undefined) faults.push(`not intended: "${key}" (${side})`)
      return row === undefined ? [] : [row]
    })
    return { ...pair, intended: ids }
  })
  return { rows: joinReplaced(rows), faults }
}

/**
 * The longest common sequence, and what each side has between.
 *
 * @param {readonly import('./lines.mjs').Line[]} left
 * @param {readonly import('./lines.mjs').Line[]} right
 * @returns {readonly { incumbent?: import('./lines.mjs').Line, here?: import('./lines.mjs').Line }[]}
 */
function align(left, right) {
  /** @type {number[][]} */
  const lengths = Array.from({ length: left.length + 1 }, () =>
    Array.from({ length: right.length + 1 }, () => 0),
  )
  const at = (/** @type {number} */ i, /** @type {number} */ j) => lengths[i]?.[j] ?? 0
  for (let i = left.length - 1; i >= 0; i--)
    for (let j = right.length - 1; j >= 0; j--) {
      const row = lengths[i]
      if (row === undefined) continue
      row[j] = left[i]?.key === right[j]?.key ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  const pairs = []
  let i = 0
  let j = 0
  while (i < left.length || j < right.length) {
    const incumbent = left[i]
    const here = right[j]
    if (incumbent !== undefined && here !== undefined && incumbent.key === here.key) {
      pairs.push({ incumbent, here })
      i++
      j++
    } else if (incumbent !== undefined && (here === undefined || at(i + 1, j) >= at(i, j + 1))) {
      pairs.push({ incumbent })
      i++
    } else if (here !== undefined) {
      pairs.push({ here })
      j++
    }
  }
  return pairs
}

/**
 * Puts side by side what stands in place of another, where one and the same row intends both.
 *
 * @param {readonly Row[]} rows
 */
function joinReplaced(rows) {
  /** @type {Row[]} */
  const joined = []
  for (const row of rows) {
    const open = joined.findIndex(
      (other, index) =>
        row.incumbent === undefined &&
        row.intended.length > 0 &&
        other.here === undefined &&
        other.intended.join() === row.intended.join() &&
        joined.slice(index).every((between) => between.incumbent === undefined || between.here === undefined),
    )
    const other = joined[open]
    if (other === undefined) joined.push(row)
    else joined[open] = { ...other, here: row.here }
  }
  return joined
}
