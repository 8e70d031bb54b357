import type { SendContext } from './send-context.ts'

/** Credentials are asked for once in the life of an upload. */
export async function startCredentials(
  { memory, credentials }: SendContext,
  reason: 'create' | 'resume',
  mediaId: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (memory.isGranted) return
  await credentials.start(reason, mediaId, signal)
  memory.isGranted = true
}
