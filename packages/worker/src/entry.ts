import { serveEngine } from './engine/serve-engine.ts'
import { loadCrc64 } from './hash/crc64.ts'
import { createHashBlob } from './hash/hash-blob.ts'
import { sendByXhr } from './http/xhr-client.ts'
import { createLocalPartUploader } from './part/local-part-uploader.ts'
import { servePartUploader } from './part/serve-part-uploader.ts'
import type { ConnectMessage } from './protocol/engine-api.ts'

/**
 * The worker script: plays the part that its one message tells. A failure to start (such as a part of it that
 * does not load) is reported as an uncaught error, which is what the page hears of.
 */
self.addEventListener('message', ({ data }: MessageEvent<ConnectMessage>) => {
  switch (data.type) {
    case 'sluice:engine':
      serveEngine(data).catch(reportError)
      break
    case 'sluice:part-uploader':
      loadCrc64()
        .then((crc64) =>
          servePartUploader(createLocalPartUploader(sendByXhr, createHashBlob(crc64)), data.port),
        )
        .catch(reportError)
      break
  }
})
