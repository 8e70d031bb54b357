import { fingerprintKey, takeFingerprint } from '../checkpoint/fingerprint.ts'
import type { Fingerprint } from '../checkpoint/fingerprint.ts'
import { planUpload } from '../plan/plan-parts.ts'
import type { AddRequest } from '../protocol/engine-api.ts'
import { UploadError } from '../protocol/errors.ts'
import { readBlob } from '../hash/hash-blob.ts'
import { keepBytes } from '../body/body-source.ts'
import type { BodySource } from '../body/body-source.ts'
import { NEVER } from '../clock/wait.ts'
import type { SendContext } from './send-context.ts'

/**
 * Largest file that is read into memory and sent from there, in bytes. Each touch of a picked file costs 0.5 to 0.7 ms of
 * this thread (measured in Chromium 156: slice, read, send), so that a small one is touched once.
 */
const IN_MEMORY_BYTES = 1024 ** 2

/** Whether a file is sent from memory. */
export function isSmall({ file, partSizeBytes }: Pick<AddRequest, 'file' | 'partSizeBytes'>): boolean {
  return file.size <= IN_MEMORY_BYTES && planUpload(file.size, partSizeBytes).kind === 'single'
}

/** Body of a file that is sent in one request. A folder looks like a file until it is read. */
export async function openWhole(
  { request, ports }: Pick<SendContext, 'request' | 'ports'>,
  signal: AbortSignal,
): Promise<BodySource> {
  const { file, name } = request
  try {
    if (file.size <= IN_MEMORY_BYTES) return keepBytes(new Uint8Array(await readBlob(file, signal)))
    await readBlob(file.slice(0, 1), signal)
    return ports.bodies.make(file, signal)
  } catch (error) {
    signal.throwIfAborted()
    throw unreadable(name, error)
  }
}

/** Recognises the file and takes its lock: one upload of a file at a time, over all tabs. */
export async function claimFile(context: SendContext, signal: AbortSignal): Promise<void> {
  const { memory, onPhase, takeTurn } = context
  const name = lockName(context, await recognise(context, signal))
  if (memory.unlock !== undefined) return
  // Who waits leaves its turn to another.
  memory.unlock = await context.ports.takeLock(name, () => onPhase('wait'), signal)
  await takeTurn(signal)
}

/** Does the same, unless somebody else has the lock. Answers whether the file is claimed. */
export async function tryClaimFile(context: SendContext): Promise<boolean> {
  return tryLock(context, await recognise(context, NEVER))
}

/** Takes the lock of a file, unless somebody else has it. Answers whether this upload has it. */
export async function tryLock(context: SendContext, fingerprint: Fingerprint): Promise<boolean> {
  const { memory, ports } = context
  const name = lockName(context, fingerprint)
  if (memory.unlock !== undefined) return true
  const impatience = new AbortController()
  const unlock = await ports
    .takeLock(name, () => impatience.abort(), impatience.signal)
    .catch(() => undefined)
  memory.unlock = unlock
  return unlock !== undefined
}

/** Name of the lock of a file. */
export function lockName({ settings }: Pick<SendContext, 'settings'>, fingerprint: Fingerprint): string {
  return `sluice:${JSON.stringify(settings.namespace)}:${fingerprintKey(fingerprint)}`
}

/** Takes the fingerprint, and sees to it that it is still the same after a pause. */
async function recognise({ request, memory, ports }: SendContext, signal: AbortSignal): Promise<Fingerprint> {
  const { file, name } = request
  const fingerprint = await takeFingerprint(file, name, ports.crc64, signal).catch((error: unknown) => {
    signal.throwIfAborted()
    throw memory.fingerprint === undefined ? unreadable(name, error) : changed(name, error)
  })
  if (
    memory.fingerprint !== undefined &&
    fingerprintKey(memory.fingerprint) !== fingerprintKey(fingerprint)
  ) {
    throw changed(name)
  }
  memory.fingerprint = fingerprint
  return fingerprint
}

function unreadable(name: string, cause: unknown): UploadError {
  return new UploadError(
    'FILE_UNREADABLE',
    `"${name}" cannot be read: it is a folder, was moved or deleted, or the browser may not read it.`,
    { cause },
  )
}

function changed(name: string, cause?: unknown): UploadError {
  return new UploadError(
    'FILE_CHANGED',
    `"${name}" is not the file any more that was being uploaded: it was changed, moved or deleted.`,
    cause === undefined ? undefined : { cause },
  )
}
