import type { ReactNode } from 'react'
import { toView } from './upload-view.ts'
import { retry, useUpload } from './use-uploads.ts'
import type { UploadItem } from './use-uploads.ts'

const LABELS = { pause: 'Pause', resume: 'Resume', retry: 'Retry' }

export interface UploadRowProps {
  readonly item: UploadItem
  readonly onError: (error: unknown) => void
}

/** A file of the list: how far it is, and what can be done with it. */
export function UploadRow({ item, onError }: UploadRowProps): ReactNode {
  const { file, upload } = item
  const { state, progress } = useUpload(upload)
  const { words, percent, problem, action, canAct, canCancel } = toView(state, progress)
  const actions = { pause: upload.pause, resume: upload.resume, retry: () => retry(item) }
  return (
    <li
      data-testid="upload"
      data-name={file.name}
      data-status={state.status}
      data-sent={progress.sentBytes}
      data-total={progress.totalBytes}
    >
      <p role="status">
        <strong>{file.name}</strong> <span>{words}</span>
      </p>
      <span>{percent}%</span>
      <progress max={100} value={percent} aria-label={`Progress of ${file.name}`} />
      {state.status === 'succeeded' && <p data-testid="key">{state.result.key}</p>}
      {/* Always the same two buttons, so that the keyboard's focus stays on them. */}
      <button
        type="button"
        data-action={action}
        aria-label={`${LABELS[action]} ${file.name}`}
        disabled={!canAct}
        onClick={actions[action]}
      >
        {LABELS[action]}
      </button>
      <button
        type="button"
        data-action="cancel"
        aria-label={`Cancel ${file.name}`}
        disabled={!canCancel}
        onClick={() => void upload.cancel().catch(onError)}
      >
        Cancel
      </button>
      <p role="alert">{problem}</p>
    </li>
  )
}
