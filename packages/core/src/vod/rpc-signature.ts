import { UploadError } from '@sluice/worker/protocol'
import { bytesToBase64 } from './base64.ts'

/** HMAC-SHA1 of a text's UTF-8 with a key's UTF-8. */
export type HmacSha1 = (key: string, text: string) => Promise<Uint8Array>

/**
 * Signs a GET of an OpenAPI in RPC style with signature version 1.0: all parameters but the signature, sorted by name and
 * percent-encoded, are encoded once more into the text to sign; the key ends with an ampersand. ("Signature mechanism",
 * https://help.aliyun.com/en/document_detail/130769.html; for VOD https://www.alibabacloud.com/help/doc-detail/44434.htm)
 *
 * @returns the query of the request, with its `Signature`
 */
export async function signRpcQuery(
  parameters: Readonly<Record<string, string>>,
  accessKeySecret: string,
  hmacSha1: HmacSha1,
): Promise<string> {
  const query = Object.entries(parameters)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&')
  const stringToSign = `GET&${percentEncode('/')}&${percentEncode(query)}`
  const signature = bytesToBase64(await hmacSha1(`${accessKeySecret}&`, stringToSign))
  return `${query}&Signature=${percentEncode(signature)}`
}

/**
 * HMAC-SHA1 by WebCrypto, which pages that came by plain http do not have.
 *
 * @param subtle `crypto.subtle`
 */
export function createHmacSha1(subtle: SubtleCrypto | undefined): HmacSha1 {
  return async (key, text) => {
    if (subtle === undefined) {
      throw new UploadError(
        'CREDENTIALS_FAILED',
        'Requests to the OpenAPI can be signed in a secure context only: serve the page by https, or from localhost.',
      )
    }
    const encoder = new TextEncoder()
    const algorithm = { name: 'HMAC', hash: 'SHA-1' }
    const hmacKey = await subtle.importKey('raw', encoder.encode(key), algorithm, false, ['sign'])
    return new Uint8Array(await subtle.sign('HMAC', hmacKey, encoder.encode(text)))
  }
}

/** Percent-encodes all but `A-Z a-z 0-9 - . _ ~`. `encodeURIComponent` leaves `! ' ( ) *` alone besides. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
