import type { PickedFile } from './picked-file.ts'

/** What a drop holds: a file, or something that could not be read. */
export type DroppedItem = PickedFile | { readonly unreadable: string }

/**
 * Reads the files of a drop, folders with all that is in them.
 *
 * To be called within the `drop` event: the browser empties the list when the event is over.
 *
 * @returns the files one after the other, since a folder may hold thousands
 */
export function readDrop(items: DataTransferItemList): AsyncIterable<DroppedItem> {
  const roots = Array.from(items)
    .filter(({ kind }) => kind === 'file')
    .map((item) => item.webkitGetAsEntry() ?? item.getAsFile())
    .filter((root) => root !== null)
  return walkAll(roots)
}

async function* walkAll(roots: readonly (FileSystemEntry | File)[]): AsyncGenerator<DroppedItem> {
  for (const root of roots) {
    if (root instanceof File) yield { file: root, path: root.name }
    else yield* walkEntry(root)
  }
}

/** Walks one dropped entry in depth. */
export async function* walkEntry(entry: FileSystemEntry): AsyncGenerator<DroppedItem> {
  const path = entry.fullPath.replace(/^\//, '')
  try {
    if (isFileEntry(entry)) {
      yield { file: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)), path }
    } else if (isFolderEntry(entry)) {
      for (const child of await readFolder(entry)) yield* walkEntry(child)
    }
  } catch {
    yield { unreadable: path }
  }
}

async function readFolder(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader()
  const entries: FileSystemEntry[] = []
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    // Browsers hand out a folder piece by piece (Chromium: 100 entries); an empty piece is its end.
    if (batch.length === 0) return entries
    entries.push(...batch)
  }
}

function isFileEntry(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function isFolderEntry(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}
