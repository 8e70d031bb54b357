import { ALI_OSS, ALI_OSS_8_MIB } from './ali-oss.ts'
import { ALIYUN_UPLOAD_VOD } from './aliyun-upload-vod.ts'
import { CEILING } from './ceiling.ts'
import type { Contender } from './contender.ts'
import { SLUICE, SLUICE_WITHOUT_CRC } from './sluice.ts'
import { UPPY } from './uppy.ts'

/** All contenders, in the order of their turns. */
export const CONTENDERS: readonly Contender[] = [
  CEILING,
  SLUICE,
  SLUICE_WITHOUT_CRC,
  ALI_OSS,
  ALI_OSS_8_MIB,
  ALIYUN_UPLOAD_VOD,
  UPPY,
]
