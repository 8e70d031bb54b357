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
    .map((item) => ({ root: item.webkitGetAsEntry() ?? item.getAsFile(), handle: handleOf(item) }))
  return walkAll(roots)
}

interface Root {
  readonly root: FileSystemEntry | File | null
  readonly handle: Promise<FileSystemFileHandle | undefined>
}

async function* walkAll(roots: readonly Root[]): AsyncGenerator<DroppedItem> {
  for (const { root, handle } of roots) {
    const fileHandle = await handle
    const withHandle = fileHandle === undefined ? {} : { handle: fileHandle }
    if (root instanceof File) yield { file: root, path: root.name, ...withHandle }
    else if (root !== null) for await (const item of walkEntry(root)) yield { ...item, ...withHandle }
  }
}

/** A handle that a later page can open the file by; Chromium gives one, for what lies at the top of a drop. */
async function handleOf(item: DataTransferItem): Promise<FileSystemFileHandle | undefined> {
  if (!('getAsFileSystemHandle' in item) || typeof item.getAsFileSystemHandle !== 'function') return undefined
  // Without a handle the file is uploaded all the same, and has to be picked again after a reload.
  const handle: unknown = await item.getAsFileSystemHandle().catch(() => undefined)
  return handle instanceof FileSystemFileHandle ? handle : undefined
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
