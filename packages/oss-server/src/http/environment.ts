import type { TokenSeries } from '../auth/token-series.ts'
import type { FaultBoard } from '../faults/fault-board.ts'
import type { ServerSettings } from '../settings.ts'
import type { Store } from '../store/store.ts'
import type { AccessLog } from './access-log.ts'

/** What all exchanges of a server share. */
export interface Environment {
  readonly settings: ServerSettings
  readonly store: Store
  readonly faults: FaultBoard
  readonly tokenSeries: TokenSeries
  readonly log: AccessLog
}
