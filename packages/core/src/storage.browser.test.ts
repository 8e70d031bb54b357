import { beforeEach, describe, expect, test } from 'vitest'
import { randomFile, sha256 } from '../../../test/harness/browser-files.ts'
import { createUploadBench, MIB, reaches, sends } from '../../../test/harness/upload-bench.ts'

const bench = createUploadBench()

describe('a database that cannot be used', () => {
  let database: string
  beforeEach(() => {
    database = crypto.randomUUID()
  })

  const deleteDatabase = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const deleting = indexedDB.deleteDatabase(database)
      deleting.addEventListener('success', () => resolve())
      deleting.addEventListener('error', () => reject(deleting.error))
    })

  const openDatabase = (version?: number): Promise<IDBDatabase> =>
    new Promise((resolve, reject) => {
      const opening = indexedDB.open(database, version)
      opening.addEventListener('success', () => resolve(opening.result))
      opening.addEventListener('error', () => reject(opening.error))
    })

  const createWorker = (): Worker => {
    const script = new URL('../../../test/harness/worker-with-own-database.ts', import.meta.url)
    return new Worker(script, { type: 'module', name: database })
  }

  test('since it is damaged is told of once, and the upload goes on', async () => {
    // Of the same name, but without the store: what a damaged or a foreign one looks like.
    const foreign = await openDatabase(7)
    foreign.close()
    const warnings: string[] = []
    const file = randomFile(3 * MIB)
    const { upload, on, close } = bench.open({ createWorker })
    on('warning', ({ code }) => warnings.push(code))
    await upload(file, { partSizeBytes: MIB }).result
    await close()
    await deleteDatabase()
    expect(warnings).toEqual(['CHECKPOINTS_IN_MEMORY'])
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({ sha256: await sha256(file) })
  })

  test('since another page blocks it is told of once, and the upload goes on', async () => {
    // Whoever has it open does not let go of it, and whoever wants to open it has to wait for its end.
    const holder = await openDatabase()
    const deleted = deleteDatabase()
    const warnings: string[] = []
    const file = randomFile(3 * MIB)
    const { upload, on, close } = bench.open({ createWorker })
    on('warning', ({ code, message }) => warnings.push(code, message))
    await upload(file, { partSizeBytes: MIB }).result
    await close()
    holder.close()
    await deleted
    expect(warnings).toEqual([
      'CHECKPOINTS_IN_MEMORY',
      expect.stringContaining('(The database did not answer within 5000 ms)'),
    ])
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({ sha256: await sha256(file) })
  })

  test('since the browser has none is told of once, and the upload can be paused and goes on', async () => {
    await bench.oss.orderFault({
      kind: 'bandwidth',
      times: 'always',
      op: 'UploadPart',
      bytesPerSecond: 2 * MIB,
    })
    const warnings: string[] = []
    const file = randomFile(8 * MIB)
    const createBareWorker = (): Worker =>
      new Worker(new URL('../../../test/harness/worker-without-indexeddb.ts', import.meta.url), {
        type: 'module',
      })
    const options = { createWorker: createBareWorker, maxWorkers: 1, parallelParts: 2 }
    const { upload: start, on, resumable } = bench.open(options)
    on('warning', ({ code, message }) => warnings.push(code, message))
    expect(await resumable()).toEqual([])
    const upload = start(file, { partSizeBytes: MIB })
    await sends(upload, 6 * MIB)
    upload.pause()
    await reaches(upload, 'paused')
    expect(upload.progress.sentBytes).toBeGreaterThanOrEqual(4 * MIB)
    await bench.oss.clearFaults()
    upload.resume()
    await upload.result

    expect(warnings).toEqual([
      'CHECKPOINTS_IN_MEMORY',
      expect.stringContaining('(The browser has no IndexedDB)'),
    ])
    // Two at a time: no more than these can have arrived without their answer having been seen.
    expect((await bench.storedParts()).length).toBeLessThanOrEqual(8 + 2)
    expect(await bench.oss.stored({ key: bench.key })).toMatchObject({ sha256: await sha256(file) })
  })
})
