import { useCallback, useEffect, useState } from 'react'
import type { ChangeEvent, ReactNode } from 'react'
import { UploadRow } from './upload-row.tsx'
import { uploader } from './uploader.ts'
import { addFiles, useUnfinished, useUploads } from './use-uploads.ts'

export function App(): ReactNode {
  const [message, setMessage] = useState('')
  const showError = useCallback((error: unknown) => {
    setMessage(error instanceof Error ? error.message : String(error))
  }, [])
  useEffect(() => uploader.on('warning', (warning) => setMessage(warning.message)), [])
  const uploads = useUploads()
  const { unfinished, discard } = useUnfinished(showError)

  const addChosen = ({ currentTarget: input }: ChangeEvent<HTMLInputElement>): void => {
    addFiles(input.files ?? [])
    // So that the same file can be chosen again.
    input.value = ''
  }

  return (
    <>
      <h1>Upload with React</h1>
      <label>
        Choose files <input type="file" multiple data-testid="file-input" onChange={addChosen} />
      </label>
      <p role="alert">{message}</p>

      {unfinished.length > 0 && (
        <section aria-labelledby="unfinished">
          <h2 id="unfinished">Unfinished uploads</h2>
          <p>Choose a file again to go on with it.</p>
          <ul>
            {unfinished.map((upload) => (
              <li
                key={upload.id}
                data-testid="resumable"
                data-name={upload.name}
                data-sent={upload.doneBytes}
              >
                <strong>{upload.name}</strong>
                <span>{Math.floor((100 * upload.doneBytes) / upload.sizeBytes)}%</span>
                <button type="button" aria-label={`Discard ${upload.name}`} onClick={() => discard(upload)}>
                  Discard
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}

      <ul aria-label="Uploads">
        {uploads.map((item) => (
          <UploadRow key={item.id} item={item} onError={showError} />
        ))}
      </ul>
    </>
  )
}
