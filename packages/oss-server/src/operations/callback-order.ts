import { invalidArgument } from '../http/errors.ts'
import type { OssError } from '../http/oss-error.ts'
import type { RequestHeaders } from '../http/headers.ts'
import { queryValue, type Query } from '../http/query.ts'
import { MAX_CALLBACK_BYTES, MAX_CALLBACK_URLS } from '../limits.ts'

/** A callback that a client ordered. */
export interface CallbackOrder {
  /** Tried in turn until one succeeds. */
  readonly urls: readonly URL[]
  /** Host header, `undefined`: from the URL. */
  readonly host: string | undefined
  readonly bodyTemplate: string
  readonly bodyType: 'application/x-www-form-urlencoded' | 'application/json'
  /** Values of `${x:…}`, by their name with `x:`. */
  readonly customValues: Readonly<Record<string, string>>
}

/** Facts that a body template can name. */
export type CallbackVariables = Readonly<Record<string, string | number>>

/** Names of {@link CallbackVariables} (page Callback). */
export const CALLBACK_VARIABLES: readonly string[] = [
  'bucket',
  'object',
  'etag',
  'size',
  'mimeType',
  'imageInfo.height',
  'imageInfo.width',
  'imageInfo.format',
  'contentMd5',
  'crc64',
  'vpcId',
  'clientIp',
  'reqId',
  'operation',
]

/**
 * Reads the callback of a request from its headers or its query.
 *
 * @returns `undefined` when there is none
 * @throws OssError InvalidArgument when it is malformed or given twice; nothing has been stored then
 */
export function parseCallbackOrder(headers: RequestHeaders, query: Query): CallbackOrder | undefined {
  const orderText = pickOne(headers, query, 'callback')
  const varText = pickOne(headers, query, 'callback-var')
  if (orderText === undefined) return undefined
  return readOrder(orderText, varText === undefined ? {} : decodeJsonObject('callback-var', varText))
}

/**
 * Reads the callback of a form: the field `callback`, and a field for each variable `x:…`.
 *
 * @param fields fields by their lower-case names
 * @returns `undefined` when there is none
 * @throws OssError InvalidArgument when it is malformed; nothing has been stored then
 */
export function parseFormCallback(fields: ReadonlyMap<string, string>): CallbackOrder | undefined {
  const orderText = fields.get('callback')
  if (orderText === undefined) return undefined
  return readOrder(orderText, Object.fromEntries([...fields].filter(([name]) => name.startsWith('x:'))))
}

function readOrder(orderText: string, custom: Readonly<Record<string, unknown>>): CallbackOrder {
  const order = decodeJsonObject('callback', orderText)
  const bodyTemplate = textField(order, 'callbackBody')
  if (bodyTemplate === undefined || bodyTemplate === '') throw malformed('callback', 'callbackBody is empty')
  const bodyType = textField(order, 'callbackBodyType') ?? 'application/x-www-form-urlencoded'
  if (bodyType !== 'application/x-www-form-urlencoded' && bodyType !== 'application/json') {
    throw malformed('callback', 'callbackBodyType is not supported')
  }
  const customValues = readCustomValues(custom)
  checkVariables(bodyTemplate)
  return {
    urls: readUrls(textField(order, 'callbackUrl') ?? ''),
    host: textField(order, 'callbackHost'),
    bodyTemplate,
    bodyType,
    customValues,
  }
}

/**
 * Fills in a body template. In JSON, texts are inserted with their quotes; in a form, percent-encoded.
 * A variable that has no value becomes an empty one.
 */
export function renderCallbackBody(order: CallbackOrder, variables: CallbackVariables): string {
  return order.bodyTemplate.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    const value = (name.startsWith('x:') ? order.customValues[name] : variables[name]) ?? ''
    return order.bodyType === 'application/json' ? JSON.stringify(value) : encodeURIComponent(value)
  })
}

function pickOne(
  headers: RequestHeaders,
  query: Query,
  name: 'callback' | 'callback-var',
): string | undefined {
  const inHeader = headers.get(`x-oss-${name}`)
  const inQuery = queryValue(query, name)
  if (inHeader !== undefined && inQuery !== undefined)
    throw malformed(name, 'it is given in header and query')
  return inHeader ?? inQuery
}

function decodeJsonObject(name: string, text: string): Readonly<Record<string, unknown>> {
  if (text.length > MAX_CALLBACK_BYTES) throw malformed(name, 'it is longer than 5 KB')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw malformed(name, 'it is not Base64')
  const json = Buffer.from(text, 'base64').toString('utf8')
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // Told below, together with JSON that is no object.
  }
  throw malformed(name, 'it is not the JSON of an object')
}

function textField(order: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = order[name]
  if (value === undefined || typeof value === 'string') return value
  throw malformed('callback', `${name} is not a string`)
}

function readUrls(list: string): URL[] {
  const urls = list.split(';').filter((item) => item !== '')
  if (urls.length < 1 || urls.length > MAX_CALLBACK_URLS)
    throw malformed('callback', 'callbackUrl needs 1 to 5 URLs')
  return urls.map((item) => {
    const text = /^https?:\/\//i.test(item) ? item : `http://${item}`
    if (!URL.canParse(text)) throw malformed('callback', 'callbackUrl is not a URL')
    return new URL(text)
  })
}

function readCustomValues(custom: Readonly<Record<string, unknown>>): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [name, value] of Object.entries(custom)) {
    if (!/^x:[^A-Z]+$/.test(name)) throw malformed('callback-var', 'names begin with x: and are lower case')
    if (typeof value !== 'string') throw malformed('callback-var', `${name} is not a string`)
    values[name] = value
  }
  return values
}

function checkVariables(template: string): void {
  for (const [, name = ''] of template.matchAll(/\$\{([^}]*)\}?/g)) {
    if (!name.startsWith('x:') && !CALLBACK_VARIABLES.includes(name)) {
      throw malformed('callback', 'callbackBody names an unknown variable')
    }
  }
}

function malformed(name: string, rule: string): OssError {
  return invalidArgument(`The ${name} configuration is not correct: ${rule}.`, name, '')
}
