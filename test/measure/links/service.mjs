// The local OSS at the server's end: service.mjs DIR HOST
import { createOssServer } from '@sluice/oss-server'
import { serveHelper } from './helper.mjs'

const [, , dir = '', host = ''] = process.argv
const server = await createOssServer({ dir, host, port: 9000, buckets: { media: {} } })
await serveHelper({ port: server.port }, () => ({ peakConnections: server.openConnections.peak }))
await server.close()
process.exit()
