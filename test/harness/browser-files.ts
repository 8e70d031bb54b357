/** A file of random bytes. */
export function randomFile(sizeBytes: number, name = 'file.bin', type = ''): File {
  const step = 65_536 // the most that getRandomValues gives at a time
  const chunks = Array.from({ length: Math.ceil(sizeBytes / step) }, (_, index) =>
    crypto.getRandomValues(new Uint8Array(Math.min(step, sizeBytes - index * step))),
  )
  return new File(chunks, name, { type })
}

export async function sha256(blob: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
