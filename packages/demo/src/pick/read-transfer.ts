import type { PickedFile } from './picked-file.ts'

/** A file, or something that could not be read. */
export type FoundItem = PickedFile | { readonly unreadable: string }

/**
 * Reads the files of a drop or a paste, folders with all that is in them.
 *
 * To be called within the event: the browser empties the list when it is over.
 *
 * @returns the files one after the other, since a folder may hold thousands
 */
export function readTransfer(items: DataTransferItemList): AsyncIterable<FoundItem> {
  return walkAll(
    Array.from(items)
      .filter(({ kind }) => kind === 'file')
      .map((item) => ({ root: item.webkitGetAsEntry() ?? item.getAsFile(), handle: handleOf(item) })),
  )
}

interface Root {
  readonly root: FileSystemEntry | File | null
  readonly handle: Promise<FileSystemHandle | undefined>
}

async function* walkAll(roots: readonly Root[]): AsyncGenerator<FoundItem> {
  for (const { root, handle } of roots) {
    const found = await handle
    if (found !== undefined) yield* walkHandle(found, found.name)
    else if (root instanceof File) yield { file: root, path: root.name }
    else if (root !== null) yield* walkEntry(root)
  }
}

/** A handle that a later page can open the file by: Chromium gives one. */
async function handleOf(item: DataTransferItem): Promise<FileSystemHandle | undefined> {
  if (!('getAsFileSystemHandle' in item) || typeof item.getAsFileSystemHandle !== 'function') return undefined
  // Without a handle the file is uploaded all the same, and has to be picked again after a reload. What is pasted has none.
  const handle: unknown = await item.getAsFileSystemHandle().catch(() => undefined)
  return handle instanceof FileSystemHandle ? handle : undefined
}

/**
 * Files that are opened at a time: opening is a question to the browser, which takes its time to answer while it uploads.
 * (10,000 files of a folder: 2.7 s one by one, 1.1 s so; measured in Chromium 156.)
 */
const OPENED_AT_A_TIME = 64

/**
 * Walks a file or a folder by its handle.
 *
 * @param path what is shown of it
 */
export async function* walkHandle(handle: FileSystemHandle, path: string): AsyncGenerator<FoundItem> {
  if (!isFolder(handle)) {
    yield await openFile(handle, path)
    return
  }
  try {
    let children: FileSystemHandle[] = []
    for await (const child of handle.values()) {
      children.push(child)
      if (children.length < OPENED_AT_A_TIME) continue
      yield* openAll(children, path)
      children = []
    }
    yield* openAll(children, path)
  } catch {
    yield { unreadable: path }
  }
}

async function* openAll(handles: readonly FileSystemHandle[], folder: string): AsyncGenerator<FoundItem> {
  const opening = handles.map(async (handle) => {
    const path = `${folder}/${handle.name}`
    return isFolder(handle) ? walkHandle(handle, path) : [await openFile(handle, path)]
  })
  for (const found of opening) yield* await found
}

async function openFile(handle: FileSystemHandle, path: string): Promise<FoundItem> {
  try {
    if (!isFile(handle)) return { unreadable: path }
    return { file: await handle.getFile(), path, handle }
  } catch {
    return { unreadable: path }
  }
}

/** Walks one dropped entry in depth. */
export async function* walkEntry(entry: FileSystemEntry): AsyncGenerator<FoundItem> {
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

function isFile(handle: FileSystemHandle): handle is FileSystemFileHandle {
  return handle.kind === 'file'
}

function isFolder(handle: FileSystemHandle): handle is FileSystemDirectoryHandle {
  return handle.kind === 'directory'
}

function isFileEntry(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function isFolderEntry(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}
