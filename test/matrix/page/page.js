// What the pages of all fixtures have in common.

/**
 * Asks the authorization service that the page's address names.
 *
 * @type {import('@sluice/core').GetCredentials}
 */
export async function getCredentials({ name, mediaId, signal }) {
  const url = new URLSearchParams(location.search).get('authorize') ?? ''
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ name, mediaId }), signal })
  return answer.json()
}

/**
 * Uploads each file that is chosen, and shows what became of it.
 *
 * @param {import('@sluice/core').Uploader} uploader
 * @returns {() => void} stops it
 */
export function uploadChosen(uploader) {
  const input = document.querySelector('input')
  const output = document.querySelector('output')
  const upload = async () => {
    const [file] = input.files
    output.textContent = `Uploading ${file.name}`
    try {
      // Parts of the scripts that are loaded when they are used: options of objects in the page, and MD5 in the worker,
      // which a file of one request is sent with when it may not replace another.
      const { key } = await uploader.upload(file, { object: { forbidOverwrite: true } }).result
      output.textContent = `Stored ${file.name} as ${key}`
    } catch (error) {
      output.textContent = `Failed ${file.name}: ${error.message}`
    }
  }
  const onChange = () => void upload()
  input.addEventListener('change', onChange)
  output.textContent = 'Ready'
  return () => input.removeEventListener('change', onChange)
}
