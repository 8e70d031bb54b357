import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startForeignService } from './foreign-service.ts'
import type { ForeignService } from './foreign-service.ts'
import { openGate } from '../harness/gate.ts'
import type { Gate } from '../harness/gate.ts'
import { runDemo } from './run-demo.ts'
import type { RunningDemo } from './run-demo.ts'
import { openStoredObjects } from './stored-objects.ts'
import type { StoredObjects } from './stored-objects.ts'

/** The demo, and a way to its OSS that can be narrowed. */
export interface GatedDemo {
  /** For the files of the tests; removed at the end. */
  readonly folder: string
  readonly demo: RunningDemo
  readonly stored: StoredObjects
  readonly gate: Gate
  /** For `?api=`: uploads go through the gate. */
  readonly foreign: ForeignService
  close(): Promise<void>
}

export async function startGatedDemo(): Promise<GatedDemo> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-e2e-'))
  const dataDir = path.join(folder, 'data')
  const demo = await runDemo({ dataDir })
  const gate = await openGate(await ossPort(demo))
  const foreign = await startForeignService({
    apiUrl: `${demo.url}/api`,
    toEndpoint: async () => `http://127.0.0.1:${gate.port}`,
  })
  return {
    folder,
    demo,
    stored: openStoredObjects(dataDir),
    gate,
    foreign,
    async close() {
      await foreign.close()
      await gate.close()
      await demo.stop()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function ossPort(demo: RunningDemo): Promise<number> {
  const response = await fetch(`${demo.url}/api/create`, { method: 'POST', body: '{"name":"probe.mp4"}' })
  const { UploadAddress } = (await response.json()) as { UploadAddress: string }
  const { Endpoint } = JSON.parse(Buffer.from(UploadAddress, 'base64').toString()) as { Endpoint: string }
  return Number(new URL(Endpoint).port)
}
