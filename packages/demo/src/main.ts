import { createUploader } from '@sluice/core'
import { createAuthorizer, readApiBase } from './authorization-service.ts'
import { readDrop } from './dropped-files.ts'
import { findElement } from './element.ts'
import type { PickedFile } from './picked-file.ts'
import { createUploadRow } from './upload-row.ts'

const input = findElement(document, '[data-testid=file-input]', HTMLInputElement)
const dropArea = findElement(document, '[data-testid=drop-area]', HTMLElement)
const message = findElement(document, '[data-testid=message]', HTMLElement)
const uploads = findElement(document, '[data-testid=uploads]', HTMLElement)
const announcer = findElement(document, '[data-testid=announcer]', HTMLElement)
const template = findElement(document, '#upload-row', HTMLTemplateElement)

const uploader = createUploader({ getCredentials: createAuthorizer(apiBase()) })

input.addEventListener('change', () => {
  const files = Array.from(input.files ?? [], (file) => ({ file, path: file.name }))
  // So that the same file can be chosen again.
  input.value = ''
  void addAll(files)
})

// Anywhere on the page: a browser leaves it for a file that is dropped beside the area.
document.addEventListener('dragover', (event) => {
  event.preventDefault()
  dropArea.classList.add('is-target')
})
document.addEventListener('dragleave', (event) => {
  if (event.relatedTarget === null) dropArea.classList.remove('is-target')
})
document.addEventListener('drop', (event) => {
  event.preventDefault()
  dropArea.classList.remove('is-target')
  if (event.dataTransfer !== null) void addAll(readDrop(event.dataTransfer.items))
})

/** Starts the uploads of what was chosen or dropped, and says what could not be read. */
async function addAll(items: Iterable<PickedFile> | ReturnType<typeof readDrop>): Promise<void> {
  const unreadable: string[] = []
  let count = 0
  for await (const item of items) {
    count += 1
    if ('unreadable' in item) unreadable.push(item.unreadable)
    else add(item)
    // The first touch of a file costs the page 0.2 ms: thousands in one go would freeze it.
    if (count % 20 === 0) await new Promise((resolve) => setTimeout(resolve))
  }
  message.textContent = dropWords(count, unreadable)
}

function add(picked: PickedFile): void {
  const row = createUploadRow({
    template,
    picked,
    start: () => uploader.upload(picked.file),
    announce: (words) => (announcer.textContent = words),
  })
  uploads.append(row)
}

function dropWords(count: number, unreadable: readonly string[]): string {
  if (unreadable.length > 0) return `Cannot be read: ${unreadable.join(', ')}`
  return count === 0 ? 'There was no file in what you dropped.' : ''
}

function apiBase(): URL {
  try {
    return readApiBase(location.href)
  } catch (error) {
    message.textContent = `${error instanceof Error ? error.message : String(error)}. Using /api instead.`
    return new URL('/api', location.href)
  }
}
