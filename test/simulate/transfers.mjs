import { createHeap } from './heap.mjs'

/**
 * Files on their way over a bandwidth that all share: each gets what its own link carries, or an equal share of what there
 * is. Files of one speed progress alike, so one number says how far all of them are.
 *
 * @template T
 * @param {number} bytesPerSecond that the service takes
 */
export function createTransfers(bytesPerSecond) {
  /** @type {{ speed: number, sentBytes: number, heap: ReturnType<typeof createHeap<T>> }[]} slowest first */
  const classes = []

  /** @param {number} speed */
  const classOf = (speed) => {
    const known = classes.find((one) => one.speed === speed)
    if (known !== undefined) return known
    const made = { speed, sentBytes: 0, heap: createHeap() }
    classes.push(made)
    classes.sort((a, b) => a.speed - b.speed)
    return made
  }

  /** How much of the bandwidth one file may use, so that all together use no more than there is. */
  const fairShare = () => {
    let rest = bytesPerSecond
    let files = classes.reduce((sum, { heap }) => sum + heap.size(), 0)
    for (const { speed, heap } of classes) {
      if (speed * files >= rest) return rest / files
      rest -= speed * heap.size()
      files -= heap.size()
    }
    return Infinity
  }

  return {
    /**
     * @param {T} file
     * @param {number} sizeBytes
     * @param {number} speed of its link, in bytes per second
     */
    start(file, sizeBytes, speed) {
      const { sentBytes, heap } = classOf(speed)
      heap.push(sentBytes + sizeBytes, file)
    },
    /**
     * @param {number} seconds
     * @returns {T[]} the files that are through
     */
    advance(seconds) {
      const share = fairShare()
      /** @type {T[]} */
      const through = []
      for (const one of classes) {
        one.sentBytes += Math.min(one.speed, share) * seconds
        for (let file = one.heap.popUpTo(one.sentBytes); file !== undefined;) {
          through.push(file.item)
          file = one.heap.popUpTo(one.sentBytes)
        }
      }
      return through
    },
  }
}
