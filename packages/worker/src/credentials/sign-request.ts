import type { ServerClock } from '../engine/server-clock.ts'
import type { HttpRequest } from '../http/http-client.ts'
import { bucketUrl, objectUrl } from '../oss/endpoint.ts'
import type { OssRequest } from '../oss/oss-request.ts'
import type { CreateSigner } from '../oss/sign/signer-for.ts'
import { formFields } from '../oss/post-object.ts'
import type { Authorization, OwnAccess } from './read-authorization.ts'

/** Makes a request ready to be sent. @throws `signal.reason` when aborted while the application is asked */
export type SignRequest = (request: OssRequest, signal: AbortSignal) => Promise<HttpRequest>

/** Signs with what the application gave. */
export async function createSignRequest(
  { destination, access }: Authorization<OwnAccess>,
  createSigner: CreateSigner,
  serverClock: ServerClock,
): Promise<SignRequest> {
  if (access.kind === 'form') {
    return async ({ key, headers }) => ({
      method: 'POST',
      url: bucketUrl(destination),
      headers: {},
      form: formFields(access.fields, key, headers),
    })
  }
  const signer = await createSigner(access.credentials, access.region, new Date(serverClock.now()))
  return async (request) => ({
    method: request.method,
    url: objectUrl(destination, request.query),
    headers: await signer.signHeaders(
      { ...request, bucket: destination.bucket },
      new Date(serverClock.now()),
    ),
  })
}
