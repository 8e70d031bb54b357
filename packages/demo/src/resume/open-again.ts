/**
 * Opens the file of a handle. Permission has ended with the page that had it; a browser asks for it in a click only.
 *
 * @returns undefined when the permission was denied
 */
export async function openAgain(handle: FileSystemFileHandle): Promise<File | undefined> {
  if ('requestPermission' in handle && typeof handle.requestPermission === 'function') {
    const permission: unknown = await handle.requestPermission({ mode: 'read' })
    if (permission !== 'granted') return undefined
  }
  return handle.getFile()
}
