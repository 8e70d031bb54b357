import type { ResumableUpload } from '@sluice/core'
import { findElement } from './element.ts'
import { formatBytes, formatDuration } from './format.ts'

/** The list of uploads that earlier pages left, and how each goes on. */
export interface UnfinishedList {
  show(uploads: readonly ResumableUpload[]): void
  /** Takes the upload of a file out: it goes on now. */
  remove(file: File): void
}

export interface UnfinishedListOptions {
  /** Hidden while the list is empty. */
  readonly section: HTMLElement
  readonly list: HTMLElement
  readonly template: HTMLTemplateElement
  /** Goes on with a file that was opened without a picker. */
  readonly resume: (handle: FileSystemFileHandle, file: File) => void
  /** Says why a file could not be opened. */
  readonly complain: (words: string) => void
}

export function createUnfinishedList(options: UnfinishedListOptions): UnfinishedList {
  const { section, list, template, resume, complain } = options
  const rows = new Map<string, HTMLElement>()

  const remove = (key: string): void => {
    rows.get(key)?.remove()
    rows.delete(key)
    section.hidden = rows.size === 0
  }

  const createRow = (upload: ResumableUpload): HTMLElement => {
    const content = template.content.cloneNode(true)
    if (!(content instanceof DocumentFragment)) throw new Error('The template of a row is empty')
    const row = findElement(content, '[data-testid=resumable]', HTMLElement)
    const part = (name: string): HTMLElement => findElement(row, `[data-part=${name}]`, HTMLElement)
    row.dataset['name'] = upload.name
    row.dataset['sent'] = String(upload.doneBytes)
    row.dataset['total'] = String(upload.sizeBytes)
    part('name').textContent = upload.name
    part('figures').textContent = figuresOf(upload, Date.now())
    part('how').textContent = upload.handle === undefined ? 'Choose this file again to continue.' : ''
    const button = findElement(row, '[data-action=continue]', HTMLButtonElement)
    button.hidden = upload.handle === undefined
    button.setAttribute('aria-label', `Continue ${upload.name}`)
    button.addEventListener('click', () => {
      const { handle } = upload
      if (handle === undefined) return
      openAgain(handle).then(
        (file) => resume(handle, file),
        (error: unknown) => complain(error instanceof Error ? error.message : String(error)),
      )
    })
    return row
  }

  return {
    show(uploads) {
      for (const upload of uploads) {
        const row = createRow(upload)
        rows.set(keyOf(upload.name, upload.sizeBytes), row)
        list.append(row)
      }
      section.hidden = rows.size === 0
    },
    remove: (file) => remove(keyOf(file.name, file.size)),
  }
}

/** What is shown of how far an upload is, and how long ago. */
export function figuresOf({ doneBytes, sizeBytes, updatedAtMs }: ResumableUpload, nowMs: number): string {
  const percent = Math.floor((doneBytes / sizeBytes) * 100)
  const age = formatDuration(Math.max(0, nowMs - updatedAtMs))
  return `${percent}% of ${formatBytes(sizeBytes)}, ${age} ago`
}

/** Permission has ended with the page that had it; a browser asks for it in a click only. */
async function openAgain(handle: FileSystemFileHandle): Promise<File> {
  if ('requestPermission' in handle && typeof handle.requestPermission === 'function') {
    const permission: unknown = await handle.requestPermission({ mode: 'read' })
    if (permission !== 'granted') {
      throw new Error(`The browser was not allowed to read ${handle.name}. Choose the file instead.`)
    }
  }
  return handle.getFile()
}

function keyOf(name: string, sizeBytes: number): string {
  return `${sizeBytes}/${name}`
}
