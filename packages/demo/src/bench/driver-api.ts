import type { Entry, PageFigures } from '../../bench/results.ts'
import { CONTENDERS } from './contenders/index.ts'
import { sluiceVariant } from './contenders/sluice.ts'
import type { Destination } from './contenders/contender.ts'
import { prepareTurn } from './take-turn.ts'
import type { Turn } from './take-turn.ts'

/** What the headless command calls, as `globalThis.bench`. */
export interface DriverApi {
  entries(): readonly Entry[]
  /** Gets a contender ready to upload the files of the input to `<keyPrefix><number>.bin`. */
  prepare(contenderId: string, destination: Destination): Promise<void>
  run(): Promise<PageFigures>
}

/** @param input where the command has put the files */
export function createDriverApi(input: HTMLInputElement): DriverApi {
  let turn: Turn | undefined
  return {
    entries: () => CONTENDERS.map(({ id, name, skipped }) => ({ id, name, skipped })),
    async prepare(contenderId, destination) {
      const contender = CONTENDERS.find(({ id }) => id === contenderId) ?? sluiceVariant(contenderId)
      const jobs = Array.from(input.files ?? [], (file, index) => ({
        file,
        destination: { ...destination, key: `${destination.key}${index}.bin` },
      }))
      turn = await prepareTurn(contender, jobs)
    },
    async run() {
      if (turn === undefined) throw new Error('No contender is ready')
      return turn.run()
    },
  }
}
