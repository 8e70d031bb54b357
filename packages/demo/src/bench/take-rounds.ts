import type { Contender, Job } from './contenders/contender.ts'
import { removeObjects } from './destinations.ts'
import type { FindDestination } from './destinations.ts'
import { prepareTurn } from './take-turn.ts'
import type { PageRun } from './summary.ts'

export interface Rounds {
  readonly files: readonly File[]
  readonly contenders: readonly Contender[]
  readonly rounds: number
  readonly findDestination: FindDestination
  /** Called before each turn; rounds count from 1. */
  readonly onTurn: (round: number, contender: Contender) => void
  readonly onRun: (run: PageRun) => void
  /** Objects that could not be removed after a turn. */
  readonly onLeft: (count: number) => void
  /** Ends it after the turn that is under way. */
  readonly signal: AbortSignal
}

/** The contenders take turns, and each round begins with another one. */
export async function takeRounds(options: Rounds): Promise<void> {
  const { files, contenders, rounds, findDestination, onTurn, onRun, onLeft, signal } = options
  const sizeBytes = files.reduce((sum, file) => sum + file.size, 0)
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(round + turn) % contenders.length]
      if (contender === undefined || signal.aborted) return
      onTurn(round + 1, contender)
      const jobs: Job[] = []
      for (const file of files) jobs.push({ file, destination: await findDestination(file, signal) })
      const page = await (await prepareTurn(contender, jobs)).run()
      onRun({ contender: contender.id, round, sizeBytes, page })
      onLeft(await removeObjects(jobs))
    }
  }
}
