import { useComputed, useSignal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { Inspection, PartInspection, Uploader } from '@sluice/core'
import { useCallback } from 'preact/hooks'
import type { JSX } from 'preact'
import type { Queue } from '../queue/queue.ts'
import type { QueueItem } from '../queue/queue-item.ts'
import { words } from '../words/language.ts'
import type { EventLog } from './event-log.ts'
import { Connections, CredentialLives, Workers } from './inspection-view.tsx'
import { LogView } from './log-view.tsx'
import { PartMap } from './part-map.tsx'
import { usePolled } from './poll.ts'
import { ThroughputView } from './throughput-view.tsx'

export interface EngineViewProps {
  readonly uploader: Pick<Uploader, 'inspect'>
  readonly queue: Pick<Queue, 'items' | 'overall'>
  readonly throughput: ReadonlySignal<readonly number[]>
  readonly log: EventLog
}

const NOTHING: Inspection = { hosts: [], bodiesByWorker: [], uploads: [] }
/** A menu of thousands helps nobody. */
const MOST_CHOICES = 50
const INSPECT_MS = 500
/** More of them take longer to be told and drawn. */
const partsEveryMs = (parts: readonly PartInspection[]): number => (parts.length > 1000 ? 1000 : 250)
const inspectEveryMs = (): number => INSPECT_MS

/** What goes on beneath. It uses nothing that an application could not use. */
export function EngineView({ uploader, queue, throughput, log }: EngineViewProps): JSX.Element {
  const { engine: say } = words.value
  const ask = useCallback(() => uploader.inspect(), [uploader])
  const inspection = usePolled(ask, inspectEveryMs, NOTHING).value
  const chosenId = useSignal<number | undefined>(undefined)
  // Some times a second, not with each change of one of thousands.
  const active = useComputed(
    () => (queue.overall.value.running, queue.items.peek().filter(isActive).slice(0, MOST_CHOICES)),
  )
  const shown = active.value.find(({ id }) => id === chosenId.value) ?? active.value[0]
  return (
    <>
      <h3>{say.throughput}</h3>
      <ThroughputView samples={throughput} />
      <h3>{say.parts}</h3>
      <div class="engine-parts">
        {shown === undefined ? (
          <p class="muted">{say.idle}</p>
        ) : (
          <>
            <label class="engine-choice">
              {say.partsOf}{' '}
              <select
                value={shown.id}
                onChange={({ currentTarget }) => (chosenId.value = Number(currentTarget.value))}
              >
                {active.value.map(({ id, picked }) => (
                  <option key={id} value={id}>
                    {picked.path}
                  </option>
                ))}
              </select>
            </label>
            <Parts item={shown} />
          </>
        )}
      </div>
      <h3>{say.connections}</h3>
      <Connections inspection={inspection} />
      <h3>{say.workers}</h3>
      <Workers inspection={inspection} />
      <h3>{say.credentials}</h3>
      <CredentialLives inspection={inspection} items={active.value} />
      <h3 id="log-title">{say.log}</h3>
      <LogView log={log} />
    </>
  )
}

function Parts({ item }: { readonly item: QueueItem }): JSX.Element {
  const ask = useCallback(() => item.upload().parts(), [item])
  return <PartMap parts={usePolled(ask, partsEveryMs, []).value} />
}

/** Has parts to be seen. */
function isActive({ moment }: QueueItem): boolean {
  const { status } = moment.peek().state
  return status === 'uploading' || status === 'waiting' || status === 'completing' || status === 'paused'
}
