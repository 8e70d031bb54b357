import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openMediaRegistry } from './media-registry.ts'
import type { Media } from './media-registry.ts'

const FILM: Media = { mediaId: 'm1', kind: 'video', key: 'sv/1/1.mp4' }
const PICTURE: Media = { mediaId: 'm2', kind: 'image', key: 'image/default/2.png' }

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-media-'))
  file = path.join(folder, 'data', 'media.jsonl')
})
afterEach(() => rm(folder, { recursive: true }))

test('openMediaRegistry() starts empty, without file and folder', async () => {
  const registry = await openMediaRegistry(file)
  expect(registry.find('m1')).toBeUndefined()
})

test('MediaRegistry finds what was added, also after a restart', async () => {
  const before = await openMediaRegistry(file)
  await before.add(FILM)
  await before.add(PICTURE)
  expect(before.find('m1')).toEqual(FILM)
  const after = await openMediaRegistry(file)
  expect([after.find('m1'), after.find('m2'), after.find('m3')]).toEqual([FILM, PICTURE, undefined])
})

test('MediaRegistry passes over a line that a crash cut short, and keeps what comes after it', async () => {
  await (await openMediaRegistry(file)).add(FILM)
  await appendFile(file, '{"mediaId":"m9","ki')
  const registry = await openMediaRegistry(file)
  await registry.add(PICTURE)
  const again = await openMediaRegistry(file)
  expect([again.find('m1'), again.find('m9'), again.find('m2')]).toEqual([FILM, undefined, PICTURE])
})

test('MediaRegistry writes names and kinds, and nothing else', async () => {
  await (await openMediaRegistry(file)).add(FILM)
  expect(await readFile(file, 'utf8')).toBe('{"mediaId":"m1","kind":"video","key":"sv/1/1.mp4"}\n')
})
