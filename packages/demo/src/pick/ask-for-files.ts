import type { FoundItem } from './read-transfer.ts'
import { walkHandle } from './read-transfer.ts'

/**
 * Lets a person choose files in a dialog that gives handles, by which a later page can open the files again. To be called
 * in a click.
 *
 * @returns undefined where the browser has no such dialog, an empty list when nothing was chosen
 */
export function askForFiles(): AsyncIterable<FoundItem> | undefined {
  if (!('showOpenFilePicker' in window) || typeof window.showOpenFilePicker !== 'function') return undefined
  return walkChosen(window.showOpenFilePicker({ multiple: true }))
}

/** The same for a folder and all that is in it. */
export function askForFolder(): AsyncIterable<FoundItem> | undefined {
  if (!('showDirectoryPicker' in window) || typeof window.showDirectoryPicker !== 'function') return undefined
  return walkChosen(window.showDirectoryPicker())
}

async function* walkChosen(dialog: Promise<unknown>): AsyncGenerator<FoundItem> {
  const chosen = await dialog.catch((error: unknown) => {
    // Closed without a choice.
    if (error instanceof DOMException && error.name === 'AbortError') return []
    throw error
  })
  for (const handle of Array.isArray(chosen) ? chosen : [chosen]) {
    if (handle instanceof FileSystemHandle) yield* walkHandle(handle, handle.name)
  }
}
