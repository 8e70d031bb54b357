import type { ResumableUpload, Upload, UploadProgress, UploadState } from '@sluice/core'
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { uploader } from './uploader.ts'

/** A file of the list. A retry gives it another upload. */
export interface UploadItem {
  readonly id: string
  readonly file: File
  readonly upload: Upload
}

// The list belongs to the page, not to a component: uploads go on when what shows them is unmounted.
let items: readonly UploadItem[] = []
const listeners = new Set<() => void>()

function setItems(next: readonly UploadItem[]): void {
  items = next
  for (const notify of listeners) notify()
}

function subscribeToItems(notify: () => void): () => void {
  listeners.add(notify)
  return () => void listeners.delete(notify)
}

const getItems = (): readonly UploadItem[] => items

/** Uploads files. One of which an earlier page left a part goes on from there. */
export function addFiles(files: Iterable<File>): void {
  const added = Array.from(files, (file) => {
    const upload = uploader.upload(file)
    return { id: upload.localId, file, upload }
  })
  setItems([...items, ...added])
}

/** Uploads a file again whose upload failed or was canceled. What the service has of it is not sent again. */
export function retry({ id, file }: UploadItem): void {
  const upload = uploader.upload(file)
  setItems(items.map((item) => (item.id === id ? { ...item, upload } : item)))
}

/** The list of files. */
export function useUploads(): readonly UploadItem[] {
  return useSyncExternalStore(subscribeToItems, getItems, getItems)
}

/** State and progress of an upload. It goes on when the component is unmounted. */
export function useUpload(upload: Upload): {
  readonly state: UploadState
  readonly progress: UploadProgress
} {
  const subscribe = useCallback(
    (notify: () => void) => {
      const stops = [upload.on('statechange', notify), upload.on('progress', notify)]
      return () => stops.forEach((stop) => stop())
    },
    [upload],
  )
  // Both are replaced, never changed, so they are their own snapshots.
  const getState = (): UploadState => upload.state
  const getProgress = (): UploadProgress => upload.progress
  return {
    state: useSyncExternalStore(subscribe, getState, getState),
    progress: useSyncExternalStore(subscribe, getProgress, getProgress),
  }
}

/** What earlier pages left unfinished, without the files that are in the list by now. */
export function useUnfinished(onError: (error: unknown) => void): {
  readonly unfinished: readonly ResumableUpload[]
  /** Takes what was sent of it off the server. */
  readonly discard: (upload: ResumableUpload) => void
} {
  const uploads = useUploads()
  const [found, setFound] = useState<readonly ResumableUpload[]>([])
  useEffect(() => {
    let isMounted = true
    uploader.resumable().then((list) => isMounted && setFound(list), onError)
    return () => {
      isMounted = false
    }
  }, [onError])
  const isInList = ({ name, sizeBytes }: ResumableUpload): boolean =>
    uploads.some(({ file }) => file.name === name && file.size === sizeBytes)
  return {
    unfinished: found.filter((upload) => !isInList(upload)),
    discard: (upload) => {
      const remove = (): void => setFound((list) => list.filter(({ id }) => id !== upload.id))
      uploader.discard(upload).then(remove, onError)
    },
  }
}
