#!/usr/bin/env node
import { resolve } from 'node:path'
import { HELP, parseCli } from './cli-options.ts'
import { LOCAL_ACCESS_KEY, type OssServerOptions } from './options.ts'
import { createOssServer } from './server.ts'

async function main(): Promise<void> {
  const request = parseCli(process.argv.slice(2))
  switch (request.kind) {
    case 'help':
      console.log(HELP)
      return
    case 'refused':
      refuse(request.message)
      return
    case 'run':
      try {
        await run(request.options)
      } catch (error) {
        refuse(error instanceof Error ? error.message : String(error))
      }
  }
}

async function run(options: OssServerOptions): Promise<void> {
  const server = await createOssServer(options)
  const buckets = Object.keys(options.buckets ?? {})
  console.log(
    [
      `Local OSS ready: ${server.url} (a bucket's own host: http://<bucket>.localhost:${server.port})`,
      `  data folder    ${resolve(options.dir)}`,
      `  buckets        ${buckets.join(', ') || 'as stored: add --bucket NAME, or send PutBucket'}`,
      `  access key id  ${LOCAL_ACCESS_KEY.accessKeyId} (its secret is in the README; it is no secret)`,
    ].join('\n'),
  )
  let isStopping = false
  const stop = (): void => {
    // A second signal does not wait for running requests.
    if (isStopping) process.exit(1)
    isStopping = true
    void server.close()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

function refuse(message: string): void {
  console.error(`oss-server: ${message}\nTry oss-server --help`)
  process.exitCode = 1
}

await main()
