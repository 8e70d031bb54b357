import { describe, expect, test } from 'vitest'
import { randomFile, sha256 } from '../../../test/harness/browser-files.ts'
import { createUploadBench, MIB, reaches, sends, trackWorkers } from '../../../test/harness/upload-bench.ts'
import { createUploader } from './index.ts'
import type { GetCredentials, ResumableUpload } from './index.ts'

const bench = createUploadBench()

/** A file with the same content, name and time, as a picker gives it in another page. */
const pickAgain = (file: File): File => new File([file], file.name, { lastModified: file.lastModified })

/** Uploads some parts in an uploader whose worker dies, as with its page. */
async function leave(file: File): Promise<void> {
  await bench.oss.orderFault({
    kind: 'bandwidth',
    times: 'always',
    op: 'UploadPart',
    bytesPerSecond: 4 * MIB,
  })
  const { workers, createWorker } = trackWorkers()
  const getCredentials = async (): Promise<object> => ({
    ...(await bench.oss.credentials({ key: bench.key })),
    VideoId: 'video',
  })
  const first = createUploader({ getCredentials, createWorker, maxWorkers: 1, parallelParts: 2 })
  first.upload(file, { partSizeBytes: MIB })
  while ((await bench.storedParts()).length < 3)
    await new Promise((resolve) => requestAnimationFrame(resolve))
  for (const worker of workers) worker.terminate()
  await bench.oss.clearFaults()
}

/** The unfinished upload of a name. */
async function listedAs(
  name: string,
  resumable: () => Promise<readonly ResumableUpload[]>,
): Promise<ResumableUpload> {
  const found = (await resumable()).find((upload) => upload.name === name)
  if (found === undefined) throw new Error(`${name} is not listed`)
  return found
}

describe('an upload that another page left', () => {
  test('is listed, goes on with the media id, and sends nothing twice that the service has', async () => {
    const file = randomFile(8 * MIB, 'left.mp4')
    await leave(file)
    // What was on its way when the worker died may still arrive; this much the service has for certain.
    const before = new Set(await bench.storedParts())
    const asked: unknown[] = []
    const getCredentials: GetCredentials = async ({ reason, mediaId }) => {
      asked.push([reason, mediaId])
      return bench.oss.credentials({ key: bench.key })
    }
    const { upload, resumable } = bench.open({ getCredentials })
    const listed = (await resumable()).filter(({ name }) => name === 'left.mp4')
    expect(listed).toMatchObject([{ sizeBytes: 8 * MIB, mediaId: 'video', handle: undefined }])
    expect(listed[0]?.doneBytes).toBeGreaterThan(0)
    const { mediaId } = await upload(pickAgain(file), { partSizeBytes: MIB }).result

    expect(mediaId).toBe('video')
    expect(asked).toEqual([['resume', 'video']])
    const stored = await bench.storedParts()
    expect(new Set(stored)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8]))
    expect(stored.filter((partNumber) => before.has(partNumber))).toHaveLength(before.size)
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({ sha256: await sha256(file) })
    expect((await resumable()).filter(({ name }) => name === 'left.mp4')).toEqual([])
  })

  test('is taken off the service when it is canceled before it has gone on', async () => {
    const file = randomFile(8 * MIB, 'unwanted.mp4')
    await leave(file)
    expect(await bench.oss.openUploads({ key: bench.key })).toHaveLength(1)
    const { upload, resumable } = bench.open()
    await upload(pickAgain(file), { partSizeBytes: MIB }).cancel()
    expect(await bench.oss.openUploads({ key: bench.key })).toEqual([])
    expect((await resumable()).filter(({ name }) => name === 'unwanted.mp4')).toEqual([])
  })
})

describe('discard()', () => {
  test('takes what another page left off the server, without its file', async () => {
    await leave(randomFile(8 * MIB, 'discarded.mp4'))
    expect(await bench.oss.openUploads({ key: bench.key })).toHaveLength(1)
    const asked: unknown[] = []
    const { discard, resumable } = bench.open({
      getCredentials: async ({ reason, mediaId, name, file }) => {
        asked.push([reason, mediaId, name, file.size])
        return bench.oss.credentials({ key: bench.key })
      },
    })
    const listed = await listedAs('discarded.mp4', resumable)
    await discard(listed)
    expect(asked).toEqual([['resume', 'video', 'discarded.mp4', 0]])
    expect(await bench.oss.openUploads({ key: bench.key })).toEqual([])
    expect((await resumable()).map(({ name }) => name)).not.toContain('discarded.mp4')
    await discard(listed)
  })

  test('leaves an upload alone that a page is going on with', async () => {
    const file = randomFile(8 * MIB, 'wanted.mp4')
    await leave(file)
    const { discard, resumable, upload } = bench.open()
    const listed = await listedAs('wanted.mp4', resumable)
    await bench.oss.orderFault({ kind: 'bandwidth', times: 'always', op: 'UploadPart', bytesPerSecond: MIB })
    const going = upload(pickAgain(file), { partSizeBytes: MIB })
    await reaches(going, 'uploading')
    await expect(discard(listed)).rejects.toMatchObject({ code: 'IN_USE' })
    await bench.oss.clearFaults()
    await going.result
  })

  test('says when something may be left on the server, and forgets it all the same', async () => {
    await leave(randomFile(8 * MIB, 'refused.mp4'))
    const { discard, resumable } = bench.open({ getCredentials: () => Promise.reject(new Error('Not you')) })
    const listed = await listedAs('refused.mp4', resumable)
    await expect(discard(listed)).rejects.toMatchObject({ code: 'CREDENTIALS_FAILED' })
    expect((await resumable()).map(({ name }) => name)).not.toContain('refused.mp4')
  })
})

describe('the same file in two pages', () => {
  test('is uploaded by one at a time: the second waits, and takes over when the first dies', async () => {
    await bench.oss.orderFault({ kind: 'bandwidth', times: 'always', op: 'UploadPart', bytesPerSecond: MIB })
    const { workers, createWorker } = trackWorkers()
    const getCredentials = (): Promise<object> => bench.oss.credentials({ key: bench.key })
    const file = randomFile(8 * MIB, 'twice.mp4')
    const first = createUploader({ getCredentials, createWorker, maxWorkers: 1 })
    await sends(first.upload(file, { partSizeBytes: MIB }), 3 * MIB)

    const second = bench.open().upload(file, { partSizeBytes: MIB })
    await reaches(second, 'waiting')
    expect(second.state).toEqual({ status: 'waiting', reason: 'locked' })
    await bench.oss.clearFaults()
    for (const worker of workers) worker.terminate()
    await second.result
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({ sha256: await sha256(file) })
    expect(await bench.oss.openUploads({ key: bench.key })).toEqual([])
  })
})

/** Whether the browser lets others have a handle. */
function isCloned(handle: FileSystemFileHandle): boolean {
  try {
    structuredClone(handle)
    return true
  } catch {
    return false
  }
}

describe('a file handle', () => {
  test('is uploaded, and comes back with what can be resumed', async () => {
    const content = randomFile(8 * MIB)
    const folder = await navigator.storage.getDirectory()
    const fileHandle = await folder.getFileHandle(`${crypto.randomUUID()}.mp4`, { create: true })
    const writable = await fileHandle.createWritable()
    await writable.write(content)
    await writable.close()

    await bench.oss.orderFault({ kind: 'bandwidth', times: 'always', op: 'UploadPart', bytesPerSecond: MIB })
    const { workers, createWorker } = trackWorkers()
    const first = createUploader({
      getCredentials: () => bench.oss.credentials({ key: bench.key }),
      createWorker,
      maxWorkers: 1,
    })
    const begun = first.upload(fileHandle, { partSizeBytes: MIB })
    expect(begun.name).toBe(fileHandle.name)
    await sends(begun, 2 * MIB)
    for (const worker of workers) worker.terminate()
    await bench.oss.clearFaults()

    const { upload, resumable } = bench.open()
    const { handle } = (await resumable()).find(({ name }) => name === fileHandle.name) ?? {}
    // WebKit keeps none: the file has to be picked again.
    expect(handle !== undefined).toBe(isCloned(fileHandle))
    await upload(handle ?? (await fileHandle.getFile()), { partSizeBytes: MIB }).result
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({ sha256: await sha256(content) })
  })

  test('whose file is gone is FILE_UNREADABLE', async () => {
    const folder = await navigator.storage.getDirectory()
    const fileHandle = await folder.getFileHandle(crypto.randomUUID(), { create: true })
    await folder.removeEntry(fileHandle.name)
    await expect(bench.open().upload(fileHandle).result).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })
})
