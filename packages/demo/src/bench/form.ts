import { readApiBase } from '../authorization-service.ts'
import { findElement } from '../element.ts'
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

/** Fills in the contenders, and keeps the form's parts in step with each other. */
export function prepareForm(form: HTMLFormElement, contenders: readonly Contender[]): void {
  const list = findElement(form, '[data-testid=bench-contenders]', HTMLElement)
  list.replaceChildren(
    ...contenders.map(({ id, name, skipped }) => {
      const label = document.createElement('label')
      const box = document.createElement('input')
      Object.assign(box, { type: 'checkbox', name: 'contender', value: id })
      Object.assign(box, { checked: skipped === undefined, disabled: skipped !== undefined })
      label.append(box, skipped === undefined ? name : `${name} (${skipped})`)
      return label
    }),
  )
  const other = findElement(form, '[data-part=other]', HTMLElement)
  form.addEventListener('change', () => {
    other.hidden = textOf(new FormData(form), 'storage') !== 'other'
  })
}

/** @throws when something is missing */
export function readForm(form: HTMLFormElement, contenders: readonly Contender[], pageUrl: string): Choice {
  const data = new FormData(form)
  const chosen = new Set(data.getAll('contender'))
  if (chosen.size === 0) throw new Error('Choose at least one way to upload.')
  const picked = data
    .getAll('own')
    .filter((value) => value instanceof File)
    .filter(({ size }) => size > 0)
  const isMade = textOf(data, 'files') === 'made'
  if (!isMade && picked.length === 0) throw new Error('Choose files of this computer first.')
  return {
    contenders: contenders.filter(({ id }) => chosen.has(id)),
    rounds: Number(textOf(data, 'rounds')),
    findDestination: textOf(data, 'storage') === 'other' ? readOther(data) : ofService(readApiBase(pageUrl)),
    openFiles: isMade
      ? () => makeFiles(Number(textOf(data, 'count')), Number(textOf(data, 'size')))
      : () => Promise.resolve({ files: picked, remove: () => Promise.resolve() }),
  }
}

function readOther(data: FormData): FindDestination {
  const required = (name: string): string => {
    const text = textOf(data, name)
    if (text === '') throw new Error(`${name} of the other OSS is missing.`)
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
