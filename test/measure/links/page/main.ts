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

/** Sends the picked file in one of the ways. */
async function send(
  kind: string,
  target: Target,
  options: Readonly<Record<string, unknown>>,
): Promise<PageResult> {
  const file = document.querySelector('input')?.files?.[0]
  const contender = CONTENDERS[kind]
  if (file === undefined || contender === undefined) throw new Error(`No file, or no contender ${kind}`)
  const progress: [number, number][] = []
  let startedMs = 0
  const start = await contender(file, target, options, (sentBytes) => {
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
