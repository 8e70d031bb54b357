import { createUploader } from '@sluice/core'
import { createAuthorizer, readApiBase } from './authorization-service.ts'
import { readDrop } from './dropped-files.ts'
import { findElement } from './element.ts'
import type { PickedFile } from './picked-file.ts'
import { createUnfinishedList } from './unfinished-list.ts'
import { createUploadRow } from './upload-row.ts'

const input = findElement(document, '[data-testid=file-input]', HTMLInputElement)
const dropArea = findElement(document, '[data-testid=drop-area]', HTMLElement)
const message = findElement(document, '[data-testid=message]', HTMLElement)
const uploads = findElement(document, '[data-testid=uploads]', HTMLElement)
const announcer = findElement(document, '[data-testid=announcer]', HTMLElement)
const template = findElement(document, '#upload-row', HTMLTemplateElement)

const uploader = createUploader({ getCredentials: createAuthorizer(apiBase()) })
uploader.on('warning', (warning) => (message.textContent = warning.message))

const unfinished = createUnfinishedList({
  section: findElement(document, '[data-testid=unfinished]', HTMLElement),
  list: findElement(document, '[data-testid=unfinished-list]', HTMLElement),
  template: findElement(document, '#unfinished-row', HTMLTemplateElement),
  resume: (handle, file) => add({ file, path: file.name, handle }),
  complain: (words) => (message.textContent = words),
})
void showUnfinished()

input.addEventListener('change', addChosen)
// A quick hand chooses before this script has run.
addChosen()

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

function addChosen(): void {
  const files = Array.from(input.files ?? [], (file) => ({ file, path: file.name }))
  if (files.length === 0) return
  // So that the same file can be chosen again.
  input.value = ''
  void addAll(files)
}

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
    start: () => {
      unfinished.remove(picked.file)
      return uploader.upload(picked.handle ?? picked.file)
    },
    announce: (words) => (announcer.textContent = words),
  })
  uploads.append(row)
}

/** Shows what earlier pages left. A page that cannot list it can still upload. */
async function showUnfinished(): Promise<void> {
  try {
    unfinished.show(await uploader.resumable())
  } catch (error) {
    message.textContent = error instanceof Error ? error.message : String(error)
  }
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
