/**
 * Random numbers that are the same in every run.
 *
 * @typedef {object} Random
 * @property {() => number} next from 0 to below 1
 * @property {(least: number, most: number) => number} integer both included
 * @property {(least: number, most: number) => number} between least included, most not
 * @property {(probability: number) => boolean} chance
 * @property {<T>(list: readonly T[]) => T} pick
 * @property {<T>(list: readonly T[]) => T[]} shuffle a copy in another order
 */

/**
 * A source of its own for each thing that is drawn, so that one more draw for one thing does not change all others.
 *
 * The generator is mulberry32 (Tommy Ettinger, public domain), seeded by FNV-1a of the seed and the name.
 *
 * @param {number} seed
 * @param {string | number} name of what is drawn
 * @returns {Random}
 */
export function createRandom(seed, name) {
  let state = 0x811c9dc5
  for (const character of `${seed}/${name}`) {
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193)
  }
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  /** @type {Random['integer']} */
  const integer = (least, most) => least + Math.floor(next() * (most - least + 1))
  return {
    next,
    integer,
    between: (least, most) => least + next() * (most - least),
    chance: (probability) => next() < probability,
    pick(list) {
      const item = list[integer(0, list.length - 1)]
      if (item === undefined) throw new Error('There is nothing to pick from')
      return item
    },
    shuffle(list) {
      return list
        .map((item) => ({ item, place: next() }))
        .sort((a, b) => a.place - b.place)
        .map(({ item }) => item)
    },
  }
}
