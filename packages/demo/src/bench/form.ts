import { readApiBase } from '../authorization-service.ts'
import type { OtherOssField, Words } from '../words/words.ts'
import type { Contender } from './contenders/contender.ts'
import { ofPerson, ofService } from './destinations.ts'
import type { FindDestination } from './destinations.ts'
import { makeFiles } from './made-files.ts'

/** What a person chose to compare. */
export interface Choice {
  readonly contenders: readonly Contender[]
  readonly rounds: number
  readonly findDestination: FindDestination
  /** Makes the files, or takes those that were picked. */
  readonly openFiles: () => Promise<{ readonly files: readonly File[]; remove(): Promise<void> }>
}

/** @throws in words when something is missing */
export function readForm(
  data: FormData,
  contenders: readonly Contender[],
  pageUrl: string,
  { bench }: Words,
): Choice {
  const chosen = new Set(data.getAll('contender'))
  if (chosen.size === 0) throw new Error(bench.noWay)
  const picked = data
    .getAll('own')
    .filter((value) => value instanceof File)
    .filter(({ size }) => size > 0)
  const isMade = textOf(data, 'files') === 'made'
  if (!isMade && picked.length === 0) throw new Error(bench.noFiles)
  return {
    contenders: contenders.filter(({ id }) => chosen.has(id)),
    rounds: Number(textOf(data, 'rounds')),
    findDestination:
      textOf(data, 'storage') === 'other' ? readOther(data, bench) : ofService(readApiBase(pageUrl)),
    openFiles: isMade
      ? () => makeFiles(Number(textOf(data, 'count')), Number(textOf(data, 'size')))
      : () => Promise.resolve({ files: picked, remove: () => Promise.resolve() }),
  }
}

function readOther(data: FormData, { fields, missing }: Words['bench']): FindDestination {
  const required = (name: OtherOssField): string => {
    const text = textOf(data, name)
    if (text === '') throw new Error(missing(fields[name]))
    return text
  }
  const destination = {
    endpoint: required('endpoint'),
    region: required('region'),
    bucket: required('bucket'),
    accessKeyId: required('accessKeyId'),
    accessKeySecret: required('accessKeySecret'),
    securityToken: textOf(data, 'securityToken') || undefined,
  }
  return ofPerson(destination, textOf(data, 'folder'))
}

function textOf(data: FormData, name: string): string {
  const value = data.get(name)
  return typeof value === 'string' ? value.trim() : ''
}
