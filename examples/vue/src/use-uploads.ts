import type { ResumableUpload, Upload, UploadProgress, UploadState } from '@sluice/core'
import { computed, onMounted, shallowRef, toValue, watchEffect } from 'vue'
import type { ComputedRef, MaybeRefOrGetter, ShallowRef } from 'vue'
import { uploader } from './uploader.ts'

/** A file of the list. A retry gives it another upload. */
export interface UploadItem {
  readonly id: string
  readonly file: File
  readonly upload: Upload
}

// The list belongs to the page, not to a component: uploads go on when what shows them is unmounted. Shallow, since a file
// behind Vue's proxy is none for the browser.
const items = shallowRef<readonly UploadItem[]>([])

/** The list of files. */
export const uploads: Readonly<ShallowRef<readonly UploadItem[]>> = items

/** Uploads files. One of which an earlier page left a part goes on from there. */
export function addFiles(files: Iterable<File>): void {
  const added = Array.from(files, (file) => {
    const upload = uploader.upload(file)
    return { id: upload.localId, file, upload }
  })
  items.value = [...items.value, ...added]
}

/** Uploads a file again whose upload failed or was canceled. What the service has of it is not sent again. */
export function retry({ id, file }: UploadItem): void {
  const upload = uploader.upload(file)
  items.value = items.value.map((item) => (item.id === id ? { ...item, upload } : item))
}

/** State and progress of an upload. It goes on when the component is unmounted. */
export function useUpload(source: MaybeRefOrGetter<Upload>): {
  readonly state: Readonly<ShallowRef<UploadState>>
  readonly progress: Readonly<ShallowRef<UploadProgress>>
} {
  const first = toValue(source)
  const state = shallowRef(first.state)
  const progress = shallowRef(first.progress)
  watchEffect((onCleanup) => {
    const upload = toValue(source)
    const read = (): void => {
      state.value = upload.state
      progress.value = upload.progress
    }
    read()
    onCleanup(upload.on('statechange', read))
    onCleanup(upload.on('progress', read))
  })
  return { state, progress }
}

/** What earlier pages left unfinished, without the files that are in the list by now. */
export function useUnfinished(onError: (error: unknown) => void): {
  readonly unfinished: ComputedRef<readonly ResumableUpload[]>
  /** Takes what was sent of it off the server. */
  readonly discard: (upload: ResumableUpload) => void
} {
  const found = shallowRef<readonly ResumableUpload[]>([])
  onMounted(() => {
    uploader.resumable().then((list) => (found.value = list), onError)
  })
  const isInList = ({ name, sizeBytes }: ResumableUpload): boolean =>
    items.value.some(({ file }) => file.name === name && file.size === sizeBytes)
  return {
    unfinished: computed(() => found.value.filter((upload) => !isInList(upload))),
    discard: (upload) => {
      const remove = (): void => {
        found.value = found.value.filter(({ id }) => id !== upload.id)
      }
      uploader.discard(upload).then(remove, onError)
    },
  }
}
