/** Fields of a form, by their names in any case. */
type FormFields = Readonly<Record<string, string>>

/**
 * Fields of PostObject: those that the application's server signed, and beside them those for what other operations say in
 * headers. Where both have one the server's goes out, since its policy may allow no other. (OSS documentation,
 * "PostObject")
 *
 * @param headers names in lower case
 */
export function formFields(signed: FormFields, key: string, headers: FormFields): FormFields {
  const {
    'content-type': contentType,
    'x-oss-callback': callback,
    'x-oss-callback-var': variables,
    ...others
  } = headers
  const type = fieldOf(signed, 'content-type') ?? contentType
  const own = {
    ...others,
    // The field `content-type` stands behind the type that the browser gives the file.
    ...(type === undefined ? {} : { 'x-oss-content-type': type }),
    ...(callback === undefined ? {} : { callback }),
    ...(variables === undefined ? {} : variableFields(variables)),
  }
  const free = Object.entries(own).filter(([name]) => fieldOf(signed, name) === undefined)
  // The result tells this key.
  const given = Object.entries(signed).filter(([name]) => name.toLowerCase() !== 'key')
  return { ...Object.fromEntries([...free, ...given]), key }
}

/** @param name in lower case */
function fieldOf(fields: FormFields, name: string): string | undefined {
  return Object.entries(fields).find(([other]) => other.toLowerCase() === name)?.[1]
}

/** Whether the fields of a form have a callback. */
export function hasCallbackField(fields: FormFields): boolean {
  return fieldOf(fields, 'callback') !== undefined
}

/** In a form each variable is a field of its own. */
function variableFields(base64: string): FormFields {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
  const variables: unknown = JSON.parse(new TextDecoder().decode(bytes))
  return Object.fromEntries(Object.entries(variables ?? {}).map(([name, value]) => [name, String(value)]))
}
