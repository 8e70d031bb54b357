import { expectTypeOf, test } from 'vitest'
import { AliyunUpload } from './index.ts'
import type { FileState, UploadInfo, Vod, VodCheckpoint, VodOptions } from './index.ts'

declare const uploadAuth: string
declare const uploadAddress: string
declare const videoId: string
declare const accessKeyId: string
declare const accessKeySecret: string
declare const secretToken: string
declare const expireTime: string
declare const index: number
declare const paramData: string
declare const input: HTMLInputElement
declare function log(text: string): void

/**
 * The handlers and calls of VOD's documentation ("Upload SDK for JavaScript", 1.5), which have to compile as they stand
 * there. It is not run. Loops are those of this project, whose settings know that a list has an end.
 */
function documented(): Vod {
  // oxlint-disable-next-line no-var
  var uploader = new AliyunUpload.Vod({
    userId: '122',
    region: '',
    partSize: 1048576,
    parallel: 5,
    retryCount: 3,
    retryDuration: 2,
    timeout: 60000,
    cname: false,
    localCheckpoint: false,
    enableUploadProgress: true,
    addFileSuccess: function (uploadInfo) {
      log('addFileSuccess: ' + uploadInfo.file.name)
    },
    onUploadstarted: function (uploadInfo) {
      log('onUploadStarted:' + uploadInfo.file.name + ', endpoint:' + uploadInfo.endpoint)
      log(', bucket:' + uploadInfo.bucket + ', object:' + uploadInfo.object)
      if (uploadInfo.videoId) {
        uploader.setUploadAuthAndAddress(uploadInfo, uploadAuth, uploadAddress)
      } else if (uploadInfo.isImage) {
        uploader.setUploadAuthAndAddress(uploadInfo, uploadAuth, uploadAddress, videoId)
      }
      uploader.setSTSToken(uploadInfo, accessKeyId, accessKeySecret, secretToken)
      uploader.setSTSTokenDirectlyUpload(uploadInfo, accessKeyId, accessKeySecret, secretToken, expireTime)
    },
    onUploadSucceed: function (uploadInfo) {
      log('onUploadSucceed: ' + uploadInfo.file.name + ', object:' + uploadInfo.object)
    },
    onUploadFailed: function (uploadInfo, code, message) {
      log('onUploadFailed: file:' + uploadInfo.file.name + ',code:' + code + ', message:' + message)
    },
    onUploadCanceled: function (uploadInfo, evt) {
      log('onUploadCanceled: file:' + uploadInfo.file.name + evt.code + evt.message)
    },
    onUploadProgress: function (uploadInfo, totalSize, loadedPercent) {
      log('file:' + uploadInfo.file.name + totalSize + ', percent:' + Math.ceil(loadedPercent * 100) + '%')
    },
    onUploadTokenExpired: function (uploadInfo, err) {
      log(uploadInfo.file.name + err.name)
      uploader.resumeUploadWithAuth(uploadAuth)
      uploader.resumeUploadWithSTSToken(accessKeyId, accessKeySecret, secretToken)
    },
    onUploadEnd: function (uploadInfo) {
      log('onUploadEnd: uploaded all the files' + uploadInfo)
    },
  })
  for (const file of input.files ?? []) uploader.addFile(file, null, null, null, paramData)
  uploader.addFile(input.files?.[index], null, null, null, paramData)
  uploader.deleteFile(index)
  uploader.cancelFile(index)
  uploader.resumeFile(index)
  for (const item of uploader.listFiles()) log('file:' + item.file.name + ', status:' + item.state)
  uploader.cleanList()
  uploader.startUpload()
  uploader.stopUpload()
  uploader.init(accessKeyId, accessKeySecret, secretToken, expireTime)
  uploader.resumeUploadWithToken(accessKeyId, accessKeySecret, secretToken, expireTime)
  uploader.resumeUploadWithSTSToken(accessKeyId, accessKeySecret, secretToken, expireTime)
  return uploader
}

/** Mistakes that the declarations show. */
function mistaken(uploader: Vod, info: UploadInfo): readonly Vod[] {
  // @ts-expect-error the file comes first
  uploader.setUploadAuthAndAddress(uploadAuth, uploadAddress, videoId)
  // @ts-expect-error an end is needed where VOD is not asked for one
  uploader.setSTSTokenDirectlyUpload(info, accessKeyId, accessKeySecret, secretToken)
  // @ts-expect-error a promise, unlike that of AliyunUpload.Vod
  log(uploader.getCheckpoint(info.file).fileName)
  // @ts-expect-error the list is not to be changed
  uploader.listFiles().push(info)
  return [
    // @ts-expect-error the name has a small s
    new AliyunUpload.Vod({ onUploadStarted: () => undefined }),
    // @ts-expect-error sizes are numbers
    new AliyunUpload.Vod({ partSize: '1048576' }),
  ]
}

test('the code of the documentation compiles, and mistakes in it do not', () => {
  expectTypeOf(documented).returns.toEqualTypeOf<Vod>()
  expectTypeOf(mistaken).parameter(0).toEqualTypeOf<Vod>()
  expectTypeOf<typeof AliyunUpload.Vod>().toBeConstructibleWith({ region: 'cn-beijing' })
  expectTypeOf<typeof AliyunUpload.Vod>().toBeConstructibleWith()
})

test('each method has the result that it has in AliyunUpload.Vod', () => {
  expectTypeOf<Vod['setUploadAuthAndAddress']>().returns.toBeBoolean()
  expectTypeOf<Vod['setSTSToken']>().returns.toBeBoolean()
  expectTypeOf<Vod['init']>().returns.toBeBoolean()
  expectTypeOf<Vod['listFiles']>().returns.toEqualTypeOf<readonly UploadInfo[]>()
  expectTypeOf<Vod['getCheckpoint']>().returns.resolves.toEqualTypeOf<VodCheckpoint | ''>()
  expectTypeOf<UploadInfo['state']>().toEqualTypeOf<FileState>()
  expectTypeOf<UploadInfo['videoId']>().toEqualTypeOf<string | undefined>()
})

test('callbacks may be asynchronous, and take fewer arguments', () => {
  expectTypeOf<{ onUploadstarted: (info: UploadInfo) => Promise<void> }>().toExtend<VodOptions>()
  expectTypeOf<{ onUploadFailed: () => void; onUploadEnd: () => void }>().toExtend<VodOptions>()
  expectTypeOf<Parameters<NonNullable<VodOptions['onUploadFailed']>>>().toEqualTypeOf<
    [uploadInfo: UploadInfo, code: string, message: string]
  >()
})
