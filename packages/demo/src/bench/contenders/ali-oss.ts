import type AliOss from 'ali-oss'
import scriptUrl from 'ali-oss/dist/aliyun-oss-sdk.min.js?url'
import { addInSteps, inParallel, MIB, SMALL_FILES_AT_A_TIME } from './contender.ts'
import type { Contender, Destination, Job } from './contender.ts'
import { loadScript } from './load-script.ts'

export const ALI_OSS: Contender = aliOss('ali-oss', 'ali-oss, defaults', {})
export const ALI_OSS_8_MIB: Contender = aliOss('ali-oss-8mib', 'ali-oss, 8 MiB parts', { partSize: 8 * MIB })

/** The class that the script leaves behind. */
export async function loadAliOss(): Promise<typeof AliOss> {
  const globals: typeof globalThis & { OSS?: typeof AliOss } = globalThis
  if (globals.OSS === undefined) await loadScript(scriptUrl)
  if (globals.OSS === undefined) throw new Error('ali-oss left no global OSS')
  return globals.OSS
}

/**
 * It has no queue of its own. Large files go one after another, each by five parts at a time; small ones, which it sends
 * by one request, six at a time.
 */
function aliOss(id: string, name: string, options: AliOss.MultipartUploadOptions): Contender {
  return {
    id,
    name,
    async prepare(jobs) {
      const OSS = await loadAliOss()
      const clients = new Map(
        jobs.map(({ destination }) => [destination.accessKeyId, createClient(OSS, destination)]),
      )
      const send = async ({ file, destination }: Job): Promise<unknown> =>
        clients.get(destination.accessKeyId)?.multipartUpload(destination.key, file, options)
      const isSmall = jobs.every(({ file }) => file.size < MIB)
      return {
        async send(onAdded) {
          const added: Job[] = []
          await addInSteps(jobs, (job) => added.push(job))
          onAdded()
          await inParallel(isSmall ? SMALL_FILES_AT_A_TIME : 1, added, send)
        },
        close: () => Promise.resolve(),
      }
    },
  }
}

function createClient(OSS: typeof AliOss, destination: Destination): AliOss {
  const { endpoint, bucket, region, accessKeyId, accessKeySecret, securityToken } = destination
  return new OSS({
    endpoint,
    bucket,
    region: `oss-${region}`,
    accessKeyId,
    accessKeySecret,
    ...(securityToken === undefined ? {} : { stsToken: securityToken }),
  })
}
