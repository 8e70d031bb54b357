/**
 * Fields of PostObject for what other operations say in headers; the fields of the signed policy come beside them.
 * (OSS documentation, "PostObject")
 *
 * @param headers names in lower case
 */
export function formFields(
  key: string,
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const {
    'content-type': contentType,
    'x-oss-callback': callback,
    'x-oss-callback-var': variables,
    ...others
  } = headers
  return {
    key,
    ...others,
    // The field `content-type` stands behind the type that the browser gives the file.
    ...(contentType === undefined ? {} : { 'x-oss-content-type': contentType }),
    ...(callback === undefined ? {} : { callback }),
    ...(variables === undefined ? {} : variableFields(variables)),
  }
}

/** In a form each variable is a field of its own. */
function variableFields(base64: string): Readonly<Record<string, string>> {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
  const variables: unknown = JSON.parse(new TextDecoder().decode(bytes))
  return Object.fromEntries(Object.entries(variables ?? {}).map(([name, value]) => [name, String(value)]))
}
