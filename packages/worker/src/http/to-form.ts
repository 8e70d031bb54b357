import type { HttpBody } from './http-client.ts'

/** A form with a file, which OSS wants to be the last of its fields. (OSS documentation, "PostObject") */
export function toForm(fields: Readonly<Record<string, string>>, file: HttpBody): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', file instanceof Blob ? file : new Blob(file === undefined ? [] : [file]))
  return form
}
