import { appendFile, mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'

/** What the local VOD remembers of a video or image. */
export interface Media {
  readonly mediaId: string
  readonly kind: 'video' | 'image'
  /** Name of the object that it is uploaded to. */
  readonly key: string
}

/** Remembers media, also after a restart. */
export interface MediaRegistry {
  find(mediaId: string): Media | undefined
  /** Resolves when it is on disk. */
  add(media: Media): Promise<void>
}

/**
 * Opens the registry that a file keeps, one JSON object a line. A line that a crash cut short is passed over.
 *
 * @param file need not exist yet, nor its folder
 */
export async function openMediaRegistry(file: string): Promise<MediaRegistry> {
  await mkdir(path.dirname(file), { recursive: true })
  const text = await readIfThere(file)
  // After a cut line the next one must not be glued to it.
  if (text !== '' && !text.endsWith('\n')) await appendFile(file, '\n')
  const media = new Map(
    text
      .split('\n')
      .map(fromLine)
      .filter((record) => record !== undefined)
      .map((record) => [record.mediaId, record]),
  )
  return {
    find: (mediaId) => media.get(mediaId),
    async add(record) {
      await appendFile(file, `${JSON.stringify(record)}\n`)
      media.set(record.mediaId, record)
    },
  }
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

function fromLine(line: string): Media | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isMedia(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isMedia(value: unknown): value is Media {
  return (
    typeof value === 'object' &&
    value !== null &&
    'mediaId' in value &&
    typeof value.mediaId === 'string' &&
    'kind' in value &&
    (value.kind === 'video' || value.kind === 'image') &&
    'key' in value &&
    typeof value.key === 'string'
  )
}
