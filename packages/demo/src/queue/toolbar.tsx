import type { JSX } from 'preact'
import { confirm } from '../shell/confirm-dialog.tsx'
import { ProgressBar } from '../shell/progress-bar.tsx'
import { format, words } from '../words/language.ts'
import type { RowAction } from '../words/words.ts'
import type { Overall } from './overall.ts'
import type { Queue } from './queue.ts'

/** How far all uploads are together, and what can be done with all of them. */
export function Toolbar({ queue }: { readonly queue: Queue }): JSX.Element {
  const { all, ...overall } = queue.overall.value
  const { queue: say } = words.value
  const can = actionsOn(queue.overall.value)
  const run = async (action: RowAction): Promise<void> => {
    const open = overall.running + overall.paused
    if (action === 'cancel' && !(await confirm(say.cancelAllQuestion(open), say.cancelAll))) return
    await queue.actOnAll(action)
  }
  const buttons: readonly (readonly [RowAction, string])[] = [
    ['pause', say.pauseAll],
    ['resume', say.resumeAll],
    ['cancel', say.cancelAll],
    ['retry', say.retryAll],
    ['remove', say.removeEnded],
  ]
  return (
    <div class="toolbar">
      <ProgressBar label={say.overall} percent={overall.percent} testId="overall" />
      <p class="toolbar-figures" data-testid="overall-figures">
        {all === 0 ? say.empty : figuresOf(queue.overall.value).join(' · ')}
      </p>
      <div class="toolbar-buttons">
        {buttons.map(([action, label]) => (
          <button
            key={action}
            class="button"
            type="button"
            data-action={`${action}-all`}
            // It keeps its place and its focus.
            aria-disabled={!can[action]}
            onClick={() => can[action] && void run(action)}
          >
            {label}
          </button>
        ))}
      </div>
    </div>
  )
}

function actionsOn({
  running,
  paused,
  failed,
  canceled,
  succeeded,
}: Overall): Partial<Record<RowAction, boolean>> {
  return {
    pause: running > 0,
    resume: paused > 0,
    cancel: running + paused > 0,
    retry: failed + canceled > 0,
    remove: failed + canceled + succeeded > 0,
  }
}

function figuresOf(overall: Overall): readonly string[] {
  const { queue, facts } = words.value
  const say = format.value
  const { succeeded, all, canceled, failed, sentBytes, totalBytes, bytesPerSecond, etaMs } = overall
  return [
    `${overall.percent}%`,
    queue.counts(succeeded, all - canceled),
    ...(failed > 0 ? [queue.failed(failed)] : []),
    facts.sentOf(say.bytes(sentBytes), say.bytes(totalBytes)),
    ...(bytesPerSecond > 0 ? [say.speed(bytesPerSecond)] : []),
    ...(etaMs === undefined ? [] : [queue.timeLeft(say.duration(etaMs))]),
  ]
}
