import type { Inspection } from '@sluice/core'
import type { JSX } from 'preact'
import type { QueueItem } from '../queue/queue-item.ts'
import { format, words } from '../words/language.ts'

/** Lines that have room. */
const MOST_LIVES = 3

interface InspectionProps {
  readonly inspection: Inspection
}

/** Requests to each host. */
export function Connections({ inspection }: InspectionProps): JSX.Element {
  return (
    <ul class="engine-list" data-testid="connections">
      {inspection.hosts.map(({ origin, requests, bodies, mostBodies }) => (
        <li key={origin}>
          <span class="engine-name">{origin}</span>
          <Slots used={bodies} most={mostBodies} />
          <span>{words.value.engine.connection(requests, bodies, mostBodies)}</span>
        </li>
      ))}
      {inspection.hosts.length === 0 && <li>–</li>}
    </ul>
  )
}

/** What each worker sends. */
export function Workers({ inspection }: InspectionProps): JSX.Element {
  const { bodiesByWorker } = inspection
  return (
    <ul class="engine-list" data-testid="workers">
      {bodiesByWorker.map((bodies, index) => (
        <li key={index} data-bodies={bodies}>
          <span>{words.value.engine.worker(index + 1, bodies)}</span>
          <Slots used={bodies} most={bodies} />
        </li>
      ))}
      {bodiesByWorker.length === 0 && <li>–</li>}
    </ul>
  )
}

interface CredentialLivesProps extends InspectionProps {
  readonly items: readonly QueueItem[]
}

/** How long credentials live: those that end first. */
export function CredentialLives({ inspection, items }: CredentialLivesProps): JSX.Element {
  const { engine: say } = words.value
  // Of thousands that wait for their turn none has credentials.
  const lives = inspection.uploads
    .flatMap(({ localId, credentialsEndAtMs }) =>
      credentialsEndAtMs === undefined ? [] : [{ localId, credentialsEndAtMs }],
    )
    .sort((a, b) => a.credentialsEndAtMs - b.credentialsEndAtMs)
    .slice(0, MOST_LIVES)
  return (
    <ul class="engine-list" data-testid="credentials">
      {lives.map(({ localId, credentialsEndAtMs }) => {
        const leftMs = credentialsEndAtMs - Date.now()
        return (
          <li key={localId} data-seconds={Math.ceil(leftMs / 1000)}>
            <span class="engine-name">
              {items.find(({ upload }) => upload().localId === localId)?.picked.path}
            </span>
            <span>
              {leftMs > 0 ? say.credentialsEnd(format.value.duration(leftMs)) : say.credentialsEnded}
            </span>
          </li>
        )
      })}
      {lives.length === 0 && <li>–</li>}
    </ul>
  )
}

/** So many of so many, as boxes. */
function Slots({ used, most }: { readonly used: number; readonly most: number }): JSX.Element {
  return (
    <span class="slots" aria-hidden="true">
      {Array.from({ length: Math.max(used, most) }, (_, index) => (
        <span key={index} class={index < used ? 'slot is-used' : 'slot'} />
      ))}
    </span>
  )
}
