import type { Trouble } from '../trouble/trouble.ts'
import type { VodService } from '../vod/vod-service.ts'
import { toCreateRequest, toRefreshRequest, toTroubleKind } from './api-request.ts'
import type { ApiInput } from './api-request.ts'

/** Answers a request with what becomes JSON. */
export type Action = (input: ApiInput) => Promise<object>

/** Actions by path, then by method. */
export type Routes = ReadonlyMap<string, ReadonlyMap<string, Action>>

/** @param trouble `undefined` where there is no local OSS to have any: then the path is not there */
export function createRoutes(vod: VodService, trouble: Trouble | undefined): Routes {
  const routes = new Map<string, ReadonlyMap<string, Action>>([
    ['/api/create', post(async (input) => vod.createUploadVideo(toCreateRequest(input)))],
    ['/api/refresh', post(async (input) => vod.refreshUploadVideo(toRefreshRequest(input)))],
    ['/api/create-image', post(async (input) => vod.createUploadImage(toCreateRequest(input)))],
  ])
  if (trouble !== undefined) routes.set('/api/trouble', troubleActions(trouble))
  return routes
}

function post(action: Action): ReadonlyMap<string, Action> {
  return new Map([['POST', action]])
}

/** All of them answer with what lasts then. */
function troubleActions(trouble: Trouble): ReadonlyMap<string, Action> {
  const after = (effect: (input: ApiInput) => void): Action => {
    return async (input) => {
      effect(input)
      return { lasting: trouble.lasting() }
    }
  }
  return new Map([
    ['GET', after(() => undefined)],
    ['POST', after((input) => trouble.make(toTroubleKind(input)))],
    ['DELETE', after(() => trouble.end())],
  ])
}
