const WORDS = {
  queued: 'Queued',
  preparing: 'Preparing',
  uploading: 'Uploading',
  paused: 'Paused',
  completing: 'Finishing',
  succeeded: 'Uploaded',
  failed: 'Failed',
  canceled: 'Canceled',
  // While it waits, the reason.
  locked: 'Waiting for another tab that uploads this file',
  offline: 'Waiting for the network',
  credentials: 'Waiting for the server',
  backoff: 'Waiting before the next attempt',
}

const LABELS = { pause: 'Pause', resume: 'Resume', retry: 'Retry' }

const ADVICE = new Map([
  ['CREDENTIALS_FAILED', 'Sign in again if you were away, then retry.'],
  ['FILE_CHANGED', 'Choose the file again.'],
  ['FILE_UNREADABLE', 'Choose the file again.'],
  ['NETWORK', 'Check your connection, then retry.'],
  ['RESPONSE_INVALID', 'Check your connection, then retry.'],
  ['TIMEOUT', 'Check your connection, then retry.'],
])

const message = findElement(document, '#message', HTMLElement)
const input = findElement(document, 'input', HTMLInputElement)
const uploads = findElement(document, '#uploads', HTMLElement)
const unfinished = findElement(document, 'section', HTMLElement)

const uploader = Sluice.createUploader({
  // Without it the worker is started from a Blob, which the page's CSP has to allow: `worker-src blob:`.
  workerUrl: './sluice.worker.js',
  // Your server asks VOD with the account's key, and passes the JSON of CreateUploadVideo or RefreshUploadVideo on.
  getCredentials: async ({ reason, name, file, mediaId, signal }) => {
    const response = await fetch(reason === 'create' ? '/api/create' : '/api/refresh', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name, size: file.size, type: file.type, mediaId }),
      signal,
    })
    // The media was deleted since the upload was begun: it begins anew.
    if (reason === 'resume' && response.status === 404) return null
    if (!response.ok) throw new Error(`the server answered ${response.status}`)
    return response.json()
  },
})
uploader.on('warning', (warning) => (message.textContent = warning.message))

uploader.resumable().then((found) => found.forEach(addUnfinished), showError)
input.addEventListener('change', addChosen)
// A quick hand chooses before this script has run.
addChosen()

function addChosen() {
  for (const file of input.files ?? []) addUpload(file)
  // So that the same file can be chosen again.
  input.value = ''
}

/** @param {Error} error */
function showError(error) {
  message.textContent = error.message
}

/**
 * Adds a row for a file, and uploads it. One of which an earlier page left a part goes on from there.
 *
 * @param {File} file
 */
function addUpload(file) {
  const row = cloneRow('#upload-row', file.name, file.size)
  const words = findElement(row, '[role=status] span', HTMLElement)
  const percent = findElement(row, '.percent', HTMLElement)
  const bar = findElement(row, 'progress', HTMLProgressElement)
  const problem = findElement(row, '[role=alert]', HTMLElement)
  const key = findElement(row, '[data-testid=key]', HTMLElement)
  const action = findElement(row, 'button', HTMLButtonElement)
  const cancel = findElement(row, '[data-action=cancel]', HTMLButtonElement)
  /** @type {ReturnType<typeof uploader.upload>} */
  let upload

  const start = () => {
    upload = uploader.upload(file)
    upload.on('statechange', show)
    upload.on('progress', show)
    show()
  }
  const show = () => {
    const { state, progress } = upload
    const { status } = state
    const { sentBytes, totalBytes } = progress
    const isDone = status === 'completing' || status === 'succeeded'
    const isStopped = status === 'failed' || status === 'canceled'
    row.dataset['status'] = status
    row.dataset['sent'] = String(sentBytes)
    words.textContent = WORDS[status === 'waiting' ? state.reason : status]
    bar.value = totalBytes === 0 ? 100 * Number(isDone) : Math.floor((100 * sentBytes) / totalBytes)
    percent.textContent = `${bar.value}%`
    problem.textContent = problemOf(state)
    if (status === 'succeeded') key.textContent = state.result.key
    key.hidden = status !== 'succeeded'
    const next = status === 'paused' ? 'resume' : isStopped ? 'retry' : 'pause'
    action.dataset['action'] = next
    action.textContent = LABELS[next]
    action.ariaLabel = `${LABELS[next]} ${file.name}`
    action.disabled = isDone
    cancel.disabled = isDone || isStopped
  }

  action.addEventListener('click', () => {
    const { status } = upload.state
    if (status === 'failed' || status === 'canceled') start()
    else if (status === 'paused') upload.resume()
    else upload.pause()
  })
  cancel.addEventListener('click', () => void upload.cancel().catch(showError))
  cancel.ariaLabel = `Cancel ${file.name}`
  bar.ariaLabel = `Progress of ${file.name}`
  uploads.append(row)
  tidyUnfinished()
  start()
}

/**
 * What happened, and what to do in a line of its own; empty while all is well.
 *
 * @param {ReturnType<typeof uploader.upload>['state']} state
 */
function problemOf(state) {
  if (state.status === 'failed') {
    const advice = ADVICE.get(state.error.code) ?? 'Retry. If it fails again, tell us these words.'
    return `${state.error.message}\n${advice}`
  }
  // It was paused since credentials could not be had, not by its user.
  if (state.status === 'paused' && state.error) return `${state.error.message}\nPress Resume to ask again.`
  return ''
}

/**
 * Adds a row for what an earlier page left.
 *
 * @param {Awaited<ReturnType<typeof uploader.resumable>>[number]} upload
 */
function addUnfinished(upload) {
  const row = cloneRow('#unfinished-row', upload.name, upload.sizeBytes)
  row.dataset['sent'] = String(upload.doneBytes)
  findElement(row, 'span', HTMLElement).textContent =
    `${Math.floor((100 * upload.doneBytes) / upload.sizeBytes)}%`
  const discard = findElement(row, 'button', HTMLButtonElement)
  discard.ariaLabel = `Discard ${upload.name}`
  discard.addEventListener('click', () => {
    uploader.discard(upload).then(() => {
      row.remove()
      tidyUnfinished()
    }, showError)
  })
  findElement(unfinished, 'ul', HTMLElement).append(row)
  tidyUnfinished()
}

/** Takes out what is uploaded by now. */
function tidyUnfinished() {
  for (const { dataset } of uploads.querySelectorAll('li')) {
    const { name = '', total = '' } = dataset
    unfinished.querySelector(`[data-name=${CSS.escape(name)}][data-total=${CSS.escape(total)}]`)?.remove()
  }
  unfinished.hidden = unfinished.querySelector('li') === null
}

/**
 * @param {string} template
 * @param {string} name
 * @param {number} sizeBytes
 */
function cloneRow(template, name, sizeBytes) {
  const content = document.importNode(findElement(document, template, HTMLTemplateElement).content, true)
  const row = findElement(content, 'li', HTMLLIElement)
  row.dataset['name'] = name
  row.dataset['total'] = String(sizeBytes)
  findElement(row, 'strong', HTMLElement).textContent = name
  return row
}

/**
 * @template {Element} T
 * @param {ParentNode} parent
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T}
 */
function findElement(parent, selector, type) {
  const found = parent.querySelector(selector)
  if (found instanceof type) return found
  throw new Error(`There is no ${selector}`)
}
