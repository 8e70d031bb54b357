import { UploadError } from '@sluice/worker/protocol'

/** What the object gets beside its bytes. For an upload that goes on it is what it was when the upload was opened. */
export interface ObjectOptions {
  /**
   * Who may read and write it.
   *
   * @defaultValue 'default': as the bucket
   */
  readonly acl?: 'default' | 'private' | 'public-read' | 'public-read-write'
  /**
   * What storing and reading it costs. The colder ones have to be restored before they are read.
   *
   * @defaultValue the bucket's
   */
  readonly storageClass?: 'Standard' | 'IA' | 'Archive' | 'ColdArchive' | 'DeepColdArchive'
  /**
   * At most 10; keys of 1 to 128, values of up to 256 characters. (OSS documentation, "Object tagging")
   *
   * @defaultValue none
   */
  readonly tags?: Readonly<Record<string, string>>
  /**
   * User metadata (`x-oss-meta-*`): names of letters, digits and hyphens, values of printable ASCII, 8 KiB in all.
   * (OSS documentation, "Manage object metadata")
   *
   * @defaultValue none
   */
  readonly metadata?: Readonly<Record<string, string>>
  /**
   * What a browser does with it, such as `attachment; filename*=UTF-8''%E4%B8%AD.mp4`. (RFC 6266)
   *
   * @defaultValue none
   */
  readonly contentDisposition?: string
  /**
   * How the file's bytes are coded already, such as `gzip`; nothing is coded by Sluice.
   *
   * @defaultValue none
   */
  readonly contentEncoding?: string
  /**
   * Language of what it holds, such as `zh-CN`.
   *
   * @defaultValue none
   */
  readonly contentLanguage?: string
  /**
   * How long caches may keep it, such as `max-age=31536000, immutable`.
   *
   * @defaultValue none
   */
  readonly cacheControl?: string
  /**
   * Until when caches may keep it; `cacheControl` goes before it.
   *
   * @defaultValue none
   */
  readonly expires?: Date
  /**
   * Whether an object of the same key makes the upload fail with `FileAlreadyExists`, rather than being replaced. OSS
   * takes no notice of it in a bucket with versions.
   *
   * @defaultValue false
   */
  readonly forbidOverwrite?: boolean
  /**
   * Further headers of PutObject and InitiateMultipartUpload, such as `x-oss-server-side-encryption`.
   *
   * @defaultValue none
   */
  readonly headers?: Readonly<Record<string, string>>
}

/** A call of OSS to the application's server when the object is stored; the result tells what it answered. */
export interface CallbackOptions {
  /** One URL, or up to five that are tried in turn. */
  readonly url: string | readonly string[]
  /**
   * Host header of the call.
   *
   * @defaultValue the URL's
   */
  readonly host?: string
  /** What is sent, OSS's variables filled in, such as `bucket=${bucket}&object=${object}&size=${size}&user=${x:user}`. */
  readonly body: string
  /**
   * Content-Type of the call.
   *
   * @defaultValue 'application/x-www-form-urlencoded'
   */
  readonly bodyType?: 'application/x-www-form-urlencoded' | 'application/json'
  /**
   * Values for `${x:name}` in the body; names in lower case, without `x:`.
   *
   * @defaultValue none
   */
  readonly variables?: Readonly<Record<string, string>>
}

/** Longest callback, in bytes of Base64. (OSS documentation, "Callback": 5 KB) */
const MAX_CALLBACK_BYTES = 5 * 1024

/** (OSS documentation, "Object tagging") */
const MAX_TAGS = 10

/** (OSS documentation, "Manage object metadata": 8 KB) */
const MAX_METADATA_BYTES = 8 * 1024

const BODY_TYPES: ReadonlySet<unknown> = new Set(['application/x-www-form-urlencoded', 'application/json'])

/** What each request has of its own. */
const OWN_HEADERS =
  /^(authorization|content-(type|md5|length)|date|host|x-oss-(date|security-token|content-sha256|traffic-limit|complete-all))$/

/**
 * The headers of an object and of its callback; names in lower case.
 *
 * @param contentType checked already
 * @throws {UploadError} `INVALID_OPTION`, naming the option and the rule
 */
export function readObjectHeaders(
  contentType: string,
  object: ObjectOptions = {},
  callback?: CallbackOptions,
): Readonly<Record<string, string>> {
  checkObject('object', object)
  const { metadata = {}, tags, expires, forbidOverwrite = false, headers = {} } = object
  checkObject('metadata', metadata)
  checkObject('headers', headers)
  // What is not understood must not replace anything.
  if (typeof forbidOverwrite !== 'boolean') throw invalid('forbidOverwrite', 'true or false', forbidOverwrite)
  const names = Object.keys(metadata)
  const wrongName = names.find((name) => !/^[a-z0-9-]+$/i.test(name))
  if (wrongName !== undefined) throw invalid('metadata', 'names of letters, digits and hyphens', wrongName)
  const metadataBytes = names.reduce((sum, name) => sum + name.length + (metadata[name]?.length ?? 0), 0)
  if (metadataBytes > MAX_METADATA_BYTES) throw invalid('metadata', 'at most 8 KiB', `${metadataBytes} bytes`)
  if (expires !== undefined && !(expires instanceof Date && !Number.isNaN(expires.getTime())))
    throw invalid('expires', 'a date', expires)
  const wrongHeader = Object.keys(headers).find((name) => !/^[!#$%&'*+.^`|~\w-]+$/.test(name))
  if (wrongHeader !== undefined) throw invalid('headers', 'names that HTTP has', wrongHeader)
  const own = Object.keys(headers).find((name) => OWN_HEADERS.test(name.toLowerCase()))
  if (own !== undefined) throw invalid('headers', 'none that requests have of their own', own)

  const values: Readonly<Record<string, string | undefined>> = {
    ...headers,
    'content-type': contentType,
    'x-oss-object-acl': object.acl,
    'x-oss-storage-class': object.storageClass,
    'x-oss-tagging': tags && readTags(tags),
    ...Object.fromEntries(names.map((name) => [`x-oss-meta-${name}`, metadata[name]])),
    'content-disposition': object.contentDisposition,
    'content-encoding': object.contentEncoding,
    'content-language': object.contentLanguage,
    'cache-control': object.cacheControl,
    expires: expires?.toUTCString(),
    'x-oss-forbid-overwrite': forbidOverwrite ? 'true' : undefined,
    ...(callback !== undefined && readCallback(callback)),
  }
  const given = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), checkValue(name, value)] as const],
  )
  return Object.fromEntries(given)
}

function readTags(tags: Readonly<Record<string, string>>): string {
  checkObject('tags', tags)
  const entries = Object.entries(tags)
  if (entries.length > MAX_TAGS) throw invalid('tags', `at most ${MAX_TAGS}`, String(entries.length))
  const isText = (text: unknown): boolean => typeof text === 'string' && !/\p{Surrogate}/u.test(text)
  const wrong = entries.find(
    ([key, value]) => !isText(key) || !isText(value) || key === '' || key.length > 128 || value.length > 256,
  )
  if (wrong !== undefined)
    throw invalid('tags', 'keys of 1 to 128 and values of up to 256 characters', wrong[0])
  return entries.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
}

function readCallback(callback: CallbackOptions): Record<string, string> {
  checkObject('callback', callback)
  const { url, host, body, bodyType, variables = {} } = callback
  checkObject('callback.variables', variables)
  const urls = Array.isArray(url) ? url : [url]
  const isUrl = (text: unknown): boolean =>
    typeof text === 'string' && URL.canParse(text) && /^https?:/i.test(text)
  if (urls.length < 1 || urls.length > 5 || !urls.every(isUrl))
    throw invalid('callback.url', 'one to five absolute URLs of http or https', urls.join(' '))
  if (typeof body !== 'string' || body === '') throw invalid('callback.body', 'a text', body)
  if (host !== undefined && typeof host !== 'string') throw invalid('callback.host', 'a text', host)
  if (bodyType !== undefined && !BODY_TYPES.has(bodyType))
    throw invalid('callback.bodyType', [...BODY_TYPES].join(' or '), bodyType)
  const wrong = Object.keys(variables).find((name) => !/^[a-z0-9_-]+$/.test(name))
  if (wrong !== undefined) throw invalid('callback.variables', 'names in lower case, without "x:"', wrong)
  const noText = Object.keys(variables).find((name) => typeof variables[name] !== 'string')
  if (noText !== undefined) throw invalid(`callback.variables.${noText}`, 'a text', variables[noText])
  const call = {
    callbackUrl: urls.join(';'),
    ...(host === undefined ? {} : { callbackHost: host }),
    callbackBody: body,
    ...(bodyType === undefined ? {} : { callbackBodyType: bodyType }),
  }
  const named = Object.entries(variables).map(([name, value]) => [`x:${name}`, value] as const)
  return {
    'x-oss-callback': toBase64('callback', call),
    ...(named.length === 0
      ? {}
      : { 'x-oss-callback-var': toBase64('callback.variables', Object.fromEntries(named)) }),
  }
}

function toBase64(name: string, value: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value))
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  if (base64.length > MAX_CALLBACK_BYTES)
    throw invalid(name, `at most ${MAX_CALLBACK_BYTES} bytes as Base64 of its JSON`, `${base64.length}`)
  return base64
}

function checkValue(name: string, value: string): string {
  if (typeof value === 'string' && /^[\x20-\x7e]*$/.test(value)) return value.trim()
  throw invalid(name, 'printable ASCII (encode the rest, with encodeURIComponent say)', value)
}

/** Types are not checked where the page is JavaScript. */
function checkObject(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(name, 'an object', value)
}

function invalid(name: string, rule: string, value: unknown): UploadError {
  const got = typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value)
  return new UploadError('INVALID_OPTION', `${name} must be ${rule}, got ${got}`)
}
