import { expectTypeOf, test } from 'vitest'
import type { UploadErrorCode } from '../index.ts'
import { createUploader, UploadError } from './index.ts'
import type { AuthContext, VodUploader } from './index.ts'

declare const file: File

/** The code of VOD's documentation for its Web SDK 2.0, as far as it could be read. It is not run. */
async function documented(): Promise<string | undefined> {
  const least = createUploader({
    getAuth: () => fetch('/api/vod/auth').then((r) => r.json()),
  })
  const uploader = createUploader({
    getAuth: async (ctx) => {
      switch (ctx.kind) {
        case 'create-video':
          return fetch('/api/vod/create-auth', {
            method: 'POST',
            body: JSON.stringify({ fileName: ctx.file.name, ...ctx.meta }),
          }).then((r) => r.json())
        case 'refresh-video':
          return fetch('/api/vod/refresh-auth', {
            method: 'POST',
            body: JSON.stringify({ videoId: ctx.videoId }),
          }).then((r) => r.json())
        case 'create-image':
          return fetch('/api/vod/create-image').then((r) => r.json())
      }
    },
  })
  try {
    const { imageId } = await least.upload(file)
    const { videoId } = await uploader.upload(file, { meta: { title: 'A title' } })
    return videoId ?? imageId
  } catch (error) {
    if (error instanceof UploadError) return error.code
    throw error
  }
}

function mistaken(uploader: VodUploader): void {
  // @ts-expect-error getAuth is what it cannot do without
  createUploader({})
  // @ts-expect-error nor has it both
  createUploader({ getAuth: async () => ({}), getCredentials: async () => ({}) })
  // @ts-expect-error a file, and not its name
  void uploader.upload('film.mp4')
}

test('the code of the documentation compiles, and mistakes in it do not', () => {
  expectTypeOf(documented).returns.resolves.toEqualTypeOf<string | undefined>()
  expectTypeOf(mistaken).returns.toBeVoid()
})

test('only a refresh has a videoId', () => {
  expectTypeOf<Extract<AuthContext, { kind: 'refresh-video' }>['videoId']>().toBeString()
  expectTypeOf<Exclude<AuthContext, { kind: 'refresh-video' }>['videoId']>().toBeUndefined()
  expectTypeOf<AuthContext['kind']>().toEqualTypeOf<'create-video' | 'create-image' | 'refresh-video'>()
  expectTypeOf<UploadError['code']>().toEqualTypeOf<UploadErrorCode>()
})
