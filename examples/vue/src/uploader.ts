import { createUploader } from '@sluice/core'

/** The uploader of the page: all uploads share its workers and connections. */
export const uploader = createUploader({
  // Your server asks VOD with the account's key, and passes the JSON of CreateUploadVideo or RefreshUploadVideo on.
  getCredentials: async ({ reason, name, file, mediaId, signal }) => {
    const response = await fetch(reason === 'create' ? '/api/create' : '/api/refresh', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name, size: file.size, type: file.type, mediaId }),
      signal,
    })
    // The media was deleted since the upload was begun: it begins anew.
    if (reason === 'resume' && response.status === 404) return null
    if (!response.ok) throw new Error(`the server answered ${response.status}`)
    return response.json()
  },
})
