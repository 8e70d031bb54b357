/** A range of the file; `end` is exclusive. Part numbers start at 1, as in the service. */
export interface Part {
  readonly partNumber: number
  readonly start: number
  readonly end: number
}

/** Parts of one size, from a part number to where the next segment begins. */
export interface Segment {
  readonly fromPart: number
  readonly sizeBytes: number
}

/**
 * Sizes of the parts of a file: segments in the order of their part numbers, the first from part 1. The service takes
 * parts of any sizes in the order of their numbers, so the size can change on the way.
 */
export type Layout = readonly Segment[]

/** A layout of parts of one size. */
export function evenLayout(partSizeBytes: number): Layout {
  return [{ fromPart: 1, sizeBytes: partSizeBytes }]
}

/** A segment, and where in the file it begins. */
interface PlacedSegment extends Segment {
  readonly start: number
}

function placed(layout: Layout): readonly PlacedSegment[] {
  let start = 0
  return layout.map((segment, index) => {
    const own = { ...segment, start }
    const next = layout[index + 1]
    start += next === undefined ? 0 : (next.fromPart - segment.fromPart) * segment.sizeBytes
    return own
  })
}

function lastOf(layout: Layout): PlacedSegment {
  const last = placed(layout).at(-1)
  if (last === undefined) throw new Error('A layout has a segment')
  return last
}

/** Size of the parts that are not yet planned, in bytes. */
export function currentPartSize(layout: Layout): number {
  return lastOf(layout).sizeBytes
}

/** How many parts a file has, if the layout stays as it is. */
export function countParts(layout: Layout, sizeBytes: number): number {
  const { fromPart, start, sizeBytes: partSizeBytes } = lastOf(layout)
  return fromPart - 1 + Math.ceil((sizeBytes - start) / partSizeBytes)
}

/** The range of a part. */
export function partAt(layout: Layout, partNumber: number, sizeBytes: number): Part {
  const segment = placed(layout).findLast(({ fromPart }) => fromPart <= partNumber) ?? lastOf(layout)
  const start = segment.start + (partNumber - segment.fromPart) * segment.sizeBytes
  return { partNumber, start, end: Math.min(start + segment.sizeBytes, sizeBytes) }
}

/** The layout with parts of another size from a part number on, which must be beyond all that is planned. */
export function changeFrom(layout: Layout, fromPart: number, sizeBytes: number): Layout {
  return [...layout.filter((segment) => segment.fromPart < fromPart), { fromPart, sizeBytes }]
}
