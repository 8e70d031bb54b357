import { useSignal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { ResumableUpload } from '@sluice/core'
import { useRef } from 'preact/hooks'
import type { JSX } from 'preact'
import type { PickedFile } from '../pick/picked-file.ts'
import { percentOf } from '../queue/row-view.ts'
import { confirm } from '../shell/confirm-dialog.tsx'
import { ProgressBar } from '../shell/progress-bar.tsx'
import { format, words } from '../words/language.ts'
import { openAgain } from './open-again.ts'
import { recognize } from './recognize.ts'

interface ResumePanelProps {
  readonly unfinished: ReadonlySignal<readonly ResumableUpload[]>
  /** Goes on with the upload of the file. */
  readonly onResume: (picked: PickedFile) => void
  /** Takes it off the server. */
  readonly onDiscard: (upload: ResumableUpload) => Promise<void>
}

/** Uploads that earlier pages left, and how to go on with them. */
export function ResumePanel({ unfinished, onResume, onDiscard }: ResumePanelProps): JSX.Element {
  return (
    <section
      class="panel unfinished"
      aria-labelledby="unfinished-title"
      data-testid="unfinished"
      hidden={unfinished.value.length === 0}
    >
      <h2 id="unfinished-title">{words.value.resume.title}</h2>
      <ul class="unfinished-list">
        {unfinished.value.map((upload) => (
          <UnfinishedRow key={upload.id} upload={upload} onResume={onResume} onDiscard={onDiscard} />
        ))}
      </ul>
    </section>
  )
}

interface UnfinishedRowProps extends Pick<ResumePanelProps, 'onResume' | 'onDiscard'> {
  readonly upload: ResumableUpload
}

function UnfinishedRow({ upload, onResume, onDiscard }: UnfinishedRowProps): JSX.Element {
  const { name, sizeBytes, doneBytes, updatedAtMs, handle } = upload
  const { resume: say } = words.value
  const input = useRef<HTMLInputElement>(null)
  const problem = useSignal('')
  const isBusy = useSignal(false)
  const percent = percentOf(doneBytes, sizeBytes)
  const age = format.value.duration(Math.max(0, Date.now() - updatedAtMs))

  const during = async (work: () => Promise<void>): Promise<void> => {
    isBusy.value = true
    problem.value = ''
    try {
      await work()
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error)
    }
    isBusy.value = false
  }
  const goOn = (found: FileSystemFileHandle): Promise<void> =>
    during(async () => {
      const file = await openAgain(found)
      if (file === undefined) problem.value = say.denied(name)
      else onResume({ file, path: name, handle: found })
    })
  const discard = async (): Promise<void> => {
    if (await confirm(say.discardQuestion(name), say.discard)) await during(() => onDiscard(upload))
  }
  const take = (file: File): void => {
    const recognition = recognize(upload, file)
    const refusals = {
      same: '',
      'other-name': say.otherName(file.name, name),
      'other-size': say.otherSize(format.value.bytes(file.size), format.value.bytes(sizeBytes)),
      'other-time': say.otherTime,
    }
    problem.value = refusals[recognition]
    if (recognition === 'same') onResume({ file, path: name })
  }

  return (
    <li
      class="unfinished-row"
      data-testid="resumable"
      data-name={name}
      data-sent={doneBytes}
      data-total={sizeBytes}
    >
      <div class="unfinished-title">
        <span class="unfinished-name">{name}</span>
        <span class="unfinished-figures">
          {say.figures(`${percent}%`, format.value.bytes(sizeBytes), age)}
        </span>
        {handle === undefined && <span class="unfinished-how">{say.pickHint}</span>}
      </div>
      <div class="upload-actions">
        {handle === undefined ? (
          <>
            <input
              ref={input}
              type="file"
              hidden
              data-testid="resume-input"
              onChange={({ currentTarget }) => {
                const [file] = currentTarget.files ?? []
                currentTarget.value = ''
                if (file !== undefined) take(file)
              }}
            />
            <button
              class="button button-primary"
              type="button"
              data-action="pick"
              aria-label={`${say.pick}: ${name}`}
              onClick={() => input.current?.click()}
            >
              {say.pick}
            </button>
          </>
        ) : (
          <button
            class="button button-primary"
            type="button"
            data-action="continue"
            aria-label={`${say.goOn} ${name}`}
            disabled={isBusy.value}
            onClick={() => void goOn(handle)}
          >
            {say.goOn}
          </button>
        )}
        <button
          class="button"
          type="button"
          data-action="discard"
          aria-label={`${say.discard} ${name}`}
          disabled={isBusy.value}
          onClick={() => void discard()}
        >
          {say.discard}
        </button>
      </div>
      <ProgressBar label={words.value.queue.progressOf(name)} percent={percent} />
      <p class="unfinished-problem" role="alert">
        {problem.value}
      </p>
    </li>
  )
}
