/** How cells are laid out. */
export interface Grid {
  readonly columns: number
  readonly rows: number
  /** Pixels from one cell to the next. */
  readonly pitch: number
}

const MOST_PITCH = 28
const LEAST_PITCH = 3

/** The largest cells with which all have room in a box, in pixels; where even the least do not, the box grows. */
export function gridOf(count: number, width: number, height: number): Grid {
  for (let pitch = MOST_PITCH; pitch > LEAST_PITCH; pitch--) {
    const grid = withPitch(count, width, pitch)
    if (grid.rows * pitch <= height) return grid
  }
  return withPitch(count, width, LEAST_PITCH)
}

function withPitch(count: number, width: number, pitch: number): Grid {
  const columns = Math.max(1, Math.floor(width / pitch))
  return { columns, rows: Math.ceil(count / columns), pitch }
}

/** The cell at a place, from 0; undefined beside all cells. */
export function cellAt({ columns, pitch }: Grid, count: number, x: number, y: number): number | undefined {
  const column = Math.floor(x / pitch)
  const index = Math.floor(y / pitch) * columns + column
  return column < columns && index >= 0 && index < count ? index : undefined
}
