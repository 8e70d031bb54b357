import { expect, test } from 'vitest'
import { walkEntry } from './read-transfer.ts'

/** Entries as a browser hands them out, of which only what is used is there. */
function fileEntry(fullPath: string): FileSystemEntry {
  const name = fullPath.split('/').at(-1) ?? ''
  const entry = {
    isFile: true,
    isDirectory: false,
    fullPath,
    file: (resolve: (file: File) => void) => resolve(new File([name], name)),
  }
  return entry as unknown as FileSystemEntry
}

function brokenEntry(fullPath: string): FileSystemEntry {
  const file = (_: unknown, reject: (error: Error) => void): void => reject(new Error('NotFoundError'))
  return { isFile: true, isDirectory: false, fullPath, file } as unknown as FileSystemEntry
}

function folderEntry(fullPath: string, pieces: readonly FileSystemEntry[][]): FileSystemEntry {
  const createReader = (): object => {
    const left = [...pieces]
    return { readEntries: (resolve: (piece: FileSystemEntry[]) => void) => resolve(left.shift() ?? []) }
  }
  return { isFile: false, isDirectory: true, fullPath, createReader } as unknown as FileSystemEntry
}

async function namesIn(entry: FileSystemEntry): Promise<readonly string[]> {
  const names: string[] = []
  for await (const item of walkEntry(entry)) {
    names.push('unreadable' in item ? `unreadable ${item.unreadable}` : item.path)
  }
  return names
}

test('walkEntry() gives a file its name', async () => {
  expect(await namesIn(fileEntry('/film.mp4'))).toEqual(['film.mp4'])
})

test('walkEntry() reads a folder to its last piece, and the folders in it', async () => {
  const inner = folderEntry('/top/inner', [[fileEntry('/top/inner/c.mp4')]])
  const top = folderEntry('/top', [[fileEntry('/top/a.mp4')], [inner], [fileEntry('/top/b.mp4')]])
  expect(await namesIn(top)).toEqual(['top/a.mp4', 'top/inner/c.mp4', 'top/b.mp4'])
})

test('walkEntry() names what cannot be read, and goes on', async () => {
  const top = folderEntry('/top', [[brokenEntry('/top/gone.mp4'), fileEntry('/top/b.mp4')]])
  expect(await namesIn(top)).toEqual(['unreadable top/gone.mp4', 'top/b.mp4'])
})
