import type { TestProject } from 'vitest/node'
import { startOssFixture } from './harness/oss-fixture.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    ossFixtureUrl: string
  }
}

/** Gives the browser tests a local OSS on an origin of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const fixture = await startOssFixture()
  project.provide('ossFixtureUrl', fixture.url)
  return () => fixture.close()
}
