// The benchmark's OSS in a process of its own: service.mjs HOST [KEY CERT]
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createBenchOss } from '../../packages/demo/dist/bench/bench-oss.js'
import { makeBlock } from '../../packages/demo/dist/bench/content.js'
import { createContentCrc64 } from '../../packages/demo/dist/bench/known-content.js'
import { serveHelper } from '../measure/links/helper.mjs'

const [, , host = '127.0.0.1', keyFile, certFile] = process.argv
const contents = {
  noise: await createContentCrc64(makeBlock('noise')),
  zeros: await createContentCrc64(makeBlock('zeros')),
}
const tls =
  keyFile === undefined || certFile === undefined
    ? {}
    : { tls: { key: await readFile(keyFile, 'utf8'), cert: await readFile(certFile, 'utf8') } }
const oss = createBenchOss({ contents, ...tls })
oss.server.listen(0, host)
await once(oss.server, 'listening')
const address = oss.server.address()
const port = typeof address === 'object' ? address?.port : undefined

/** @param {{ start?: { delayMs: number } }} message */
const onAsk = ({ start }) => {
  if (start === undefined) return oss.figures()
  oss.start(start)
  return {}
}
await serveHelper({ port }, onAsk)
process.exit()
