import { createUploader, UploadError } from '@sluice/core'
import type { UploadOptions } from '@sluice/core'
import { addInSteps } from './contender.ts'
import type { Contender } from './contender.ts'

export const SLUICE: Contender = sluice('sluice', 'Sluice', {})

export const SLUICE_WITHOUT_CRC: Contender = {
  ...sluice('sluice-no-crc', 'Sluice without CRC-64', { checksum: 'none' }),
  skipped: knowsChecksumOption() ? undefined : 'createUploader has no option for it',
}

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

function sluice(
  id: string,
  name: string,
  options: UploadOptions & { readonly checksum?: 'none' },
): Contender {
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
          await addInSteps(jobs, ({ file }) => results.push(uploader.upload(file, partSize).result))
          onAdded()
          await Promise.all(results)
        },
        close: () => uploader.close(),
      }
    },
  }
}

type Job = Parameters<Contender['prepare']>[0][number]

/** An uploader that knows the option refuses a value that there is not. */
function knowsChecksumOption(): boolean {
  const wrong: object = { checksum: 'is there such an option?' }
  try {
    createUploader({ ...wrong, getCredentials: () => Promise.resolve({}) })
    return false
  } catch (error) {
    if (error instanceof UploadError && error.code === 'INVALID_OPTION') return true
    throw error
  }
}
