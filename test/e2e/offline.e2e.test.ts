import { expect, test } from 'vitest'
import { createDemoBench } from './demo-bench.ts'

const MIB = 1024 ** 2

const bench = createDemoBench()

test('a browser that goes offline shows it, and goes on by itself when it is back', async () => {
  const file = await bench.makeFile('offline.mp4', 96 * MIB)
  bench.gate.throttle(40 * MIB)
  const { page, drive } = await bench.open('gated')
  await drive.choose([file.path])
  await drive.sends('offline.mp4', 16 * MIB)
  await page.context().setOffline(true)
  await drive.reaches('offline.mp4', 'waiting')
  expect(await drive.row('offline.mp4').innerText()).toContain('Waiting for the network')
  await page.context().setOffline(false)
  bench.gate.release()
  await drive.reaches('offline.mp4', 'succeeded')
  expect(await bench.stored.sha256(await drive.fact('offline.mp4', 'Key'))).toBe(file.sha256)
})
