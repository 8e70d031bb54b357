import { createUploader } from '@sluice/core'
import type { UploaderSettings, UploadOptions } from '@sluice/core'
import type { Contender } from './contender.ts'

export const SLUICE: Contender = sluice('sluice', 'Sluice', {})

export const SLUICE_WITHOUT_CRC: Contender = sluice('sluice-no-crc', 'Sluice without CRC-64', {
  checksum: 'none',
})

/**
 * A Sluice with other options, for who tunes it.
 *
 * @param id `sluice` and the options of `createUploader` and `upload` as JSON
 */
export function sluiceVariant(id: string): Contender {
  const options: unknown = JSON.parse(id.slice(SLUICE.id.length))
  if (typeof options !== 'object' || options === null) throw new Error(`No options: ${id}`)
  return sluice(id, id, options)
}

function sluice(id: string, name: string, options: UploadOptions & UploaderSettings): Contender {
  return {
    id,
    name,
    async prepare(jobs) {
      const destinations = new Map<Blob, Job>(jobs.map((job) => [job.file, job]))
      const { partSizeBytes } = options
      const partSize = partSizeBytes === undefined ? {} : { partSizeBytes }
      const uploader = createUploader({
        ...options,
        // No other run's uploads are found.
        namespace: crypto.randomUUID(),
        getCredentials: ({ file }) => {
          const { destination } = destinations.get(file) ?? {}
          return Promise.resolve(destination)
        },
      })
      return {
        async send(onAdded) {
          const results: Promise<unknown>[] = []
          // All at once: it hands them over in slices of time by itself.
          for (const { file } of jobs) results.push(uploader.upload(file, partSize).result)
          onAdded()
          await Promise.all(results)
        },
        close: () => uploader.close(),
      }
    },
  }
}

type Job = Parameters<Contender['prepare']>[0][number]
