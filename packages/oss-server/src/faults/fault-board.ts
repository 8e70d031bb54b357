import type { OperationName } from '../operations/operation.ts'
import { checkFaultOrder } from './check-fault-order.ts'
import { draw } from './draw.ts'
import type { FaultMatch, FaultOrder } from './fault-order.ts'

/** A request as orders see it. */
export interface FaultTarget {
  readonly op: OperationName
  readonly bucket: string | undefined
  readonly key: string | undefined
  readonly partNumber: number | undefined
}

/** An order with what has become of it. */
export interface OrderedFault {
  readonly id: string
  readonly order: FaultOrder
  /** Requests that fitted. */
  readonly matched: number
  /** Requests that were hit. */
  readonly hit: number
}

/** Faults to order. */
export interface FaultBoard {
  /**
   * Adds an order. Orders are looked at in the order of their adding; one request can meet several.
   *
   * @throws RuleError when it is not understood, naming the field and the rule
   */
  order(order: FaultOrder): { readonly id: string }
  /** @returns whether there was such an order */
  cancel(id: string): boolean
  clear(): void
  /** Orders with their counts; those that have hit all they were to are still listed. */
  list(): OrderedFault[]
  /** Counts a request and gives the orders that hit it. */
  fire(target: FaultTarget): FaultOrder[]
  /** Whether an order that {@link fire} gave was not taken back since. */
  readonly isStanding: (order: FaultOrder) => boolean
}

interface Count {
  matched: number
  hit: number
}

interface Entry {
  readonly id: string
  readonly order: FaultOrder
  readonly total: Count
  /** Per operation, bucket, key and part number. */
  readonly perTarget: Map<string, Count>
}

/** Creates a board without orders. */
export function createFaultBoard(): FaultBoard {
  const entries: Entry[] = []
  let lastId = 0

  return {
    order(order) {
      lastId += 1
      const entry = {
        id: String(lastId),
        order: checkFaultOrder(order),
        total: { matched: 0, hit: 0 },
        perTarget: new Map(),
      }
      entries.push(entry)
      return { id: entry.id }
    },

    cancel(id) {
      const index = entries.findIndex((entry) => entry.id === id)
      if (index >= 0) entries.splice(index, 1)
      return index >= 0
    },

    clear() {
      entries.length = 0
    },

    list: () => entries.map(({ id, order, total }) => ({ id, order, ...total })),

    fire: (target) =>
      entries
        .filter(({ order }) => fits(order, target))
        .filter((entry) => count(entry, target))
        .map(({ order }) => order),

    isStanding: (order) => entries.some((entry) => entry.order === order),
  }
}

/** Whether a request is one that the order is about. */
export function fits(match: FaultMatch, target: FaultTarget): boolean {
  return (
    fitsOperation(match.op, target.op) &&
    (match.bucket === undefined || match.bucket === target.bucket) &&
    (match.key === undefined || match.key === target.key) &&
    (match.keyPrefix === undefined || (target.key?.startsWith(match.keyPrefix) ?? false)) &&
    (match.partNumber === undefined || match.partNumber === target.partNumber)
  )
}

function fitsOperation(wanted: FaultMatch['op'], op: OperationName): boolean {
  if (wanted === undefined) return op !== 'Preflight'
  return typeof wanted === 'string' ? wanted === op : wanted.includes(op)
}

/** @returns whether the request is hit */
function count({ order, total, perTarget }: Entry, target: FaultTarget): boolean {
  const name = JSON.stringify([target.op, target.bucket, target.key, target.partNumber])
  const own = perTarget.get(name) ?? { matched: 0, hit: 0 }
  perTarget.set(name, own)
  own.matched += 1
  total.matched += 1

  const { attempt = 1, probability = 1, seed = 1 } = order
  const times = order.times ?? (order.probability === undefined ? 1 : 'always')
  const counted = order.count === 'each' ? own : total
  const isHit =
    counted.matched >= attempt &&
    (times === 'always' || counted.hit < times) &&
    draw(seed, `${name} ${own.matched}`) < probability
  if (isHit) {
    own.hit += 1
    total.hit += 1
  }
  return isHit
}
