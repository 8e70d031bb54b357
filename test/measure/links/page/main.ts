import { CONTENDERS } from './contenders.ts'
import type { Target } from './contenders.ts'

/** What a run came to, as the page saw it. */
export interface PageResult {
  readonly durationMs: number
  /** Undefined when the file arrived. */
  readonly error: string | undefined
  /** Milliseconds since the start and bytes sent by then. */
  readonly progress: readonly (readonly [number, number])[]
}

const PROGRESS_STEP_MS = 250

/** Sends the picked file with one of the contenders. */
async function send(name: string, target: Target): Promise<PageResult> {
  const file = document.querySelector('input')?.files?.[0]
  const contender = CONTENDERS[name]
  if (file === undefined || contender === undefined) throw new Error(`No file, or no contender ${name}`)
  const progress: [number, number][] = []
  let startedMs = 0
  const start = await contender(file, target, (sentBytes) => {
    const atMs = Math.round(performance.now() - startedMs)
    if (atMs - (progress.at(-1)?.[0] ?? -Infinity) >= PROGRESS_STEP_MS) progress.push([atMs, sentBytes])
  })
  startedMs = performance.now()
  const error = await start().then(
    () => undefined,
    (reason: unknown) => String(reason),
  )
  return { durationMs: performance.now() - startedMs, error, progress }
}

Object.assign(globalThis, { send })
