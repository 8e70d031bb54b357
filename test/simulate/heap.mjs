/**
 * Items in the order of their keys: a binary heap.
 *
 * @template T
 */
export function createHeap() {
  /** @type {{ key: number, item: T }[]} */
  const nodes = []
  /** @param {number} place */
  const keyAt = (place) => nodes[place]?.key ?? Infinity
  /**
   * @param {number} a
   * @param {number} b
   */
  const swap = (a, b) => {
    const [first, second] = [nodes[a], nodes[b]]
    if (first === undefined || second === undefined) throw new Error('There is no such place')
    nodes[a] = second
    nodes[b] = first
  }
  return {
    size: () => nodes.length,
    /**
     * @param {number} key
     * @param {T} item
     */
    push(key, item) {
      nodes.push({ key, item })
      for (let place = nodes.length - 1; place > 0;) {
        const parent = (place - 1) >> 1
        if (keyAt(parent) <= key) break
        swap(place, parent)
        place = parent
      }
    },
    /**
     * Takes the item with the smallest key, if that is not above a limit.
     *
     * @param {number} limit
     */
    popUpTo(limit) {
      if (nodes.length === 0 || keyAt(0) > limit) return undefined
      swap(0, nodes.length - 1)
      const first = nodes.pop()
      for (let place = 0; ;) {
        const left = 2 * place + 1
        const least = keyAt(left + 1) < keyAt(left) ? left + 1 : left
        if (keyAt(least) >= keyAt(place)) break
        swap(place, least)
        place = least
      }
      return first
    },
  }
}
