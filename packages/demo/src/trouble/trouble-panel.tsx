import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { JSX } from 'preact'
import type { EventLog } from '../engine/event-log.ts'
import { words } from '../words/language.ts'
import type { TroubleKind } from '../words/words.ts'
import { TROUBLE_KINDS } from './trouble-service.ts'
import type { TroubleService } from './trouble-service.ts'

const LASTING: ReadonlySet<TroubleKind> = new Set(['slow-link', 'offline'])

interface TroublePanelProps {
  readonly service: TroubleService
  readonly killWorker: () => void
  readonly log: EventLog
}

/** Buttons that make trouble, so that one sees uploads recover. Where there is no local OSS only the worker can be killed. */
export function TroublePanel({ service, killWorker, log }: TroublePanelProps): JSX.Element {
  const { trouble: say } = words.value
  const lasting = useSignal<readonly TroubleKind[] | undefined>([])
  useEffect(() => void service.find().then((found) => (lasting.value = found)), [service, lasting])

  const order = async (
    work: () => Promise<readonly TroubleKind[]>,
    what: Parameters<EventLog['add']>[1],
  ): Promise<void> => {
    try {
      lasting.value = await work()
      log.add('', what)
    } catch (error) {
      log.add('', () => String(error))
    }
  }
  const make = (kind: TroubleKind): Promise<void> =>
    lasting.value?.includes(kind) === true
      ? order(service.end, ({ trouble }) => trouble.ended)
      : order(
          () => service.make(kind),
          ({ trouble }) => trouble.made(trouble.make[kind]),
        )

  return (
    <>
      <p class="muted trouble-hint">{lasting.value === undefined ? say.none : say.hint}</p>
      <div class="trouble-buttons">
        {TROUBLE_KINDS.map((kind) => (
          <button
            key={kind}
            class="button"
            type="button"
            data-trouble={kind}
            disabled={lasting.value === undefined}
            aria-pressed={LASTING.has(kind) ? lasting.value?.includes(kind) : undefined}
            onClick={() => void make(kind)}
          >
            {say.make[kind]}
          </button>
        ))}
        <button
          class="button"
          type="button"
          data-trouble="kill-worker"
          onClick={() => {
            killWorker()
            log.add('', ({ trouble }) => trouble.made(trouble.killWorker))
          }}
        >
          {say.killWorker}
        </button>
      </div>
    </>
  )
}
