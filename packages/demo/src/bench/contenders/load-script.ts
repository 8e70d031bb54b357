/** Loads a classic script, as it is published. */
export async function loadScript(url: string): Promise<void> {
  const script = document.createElement('script')
  script.src = url
  await new Promise((resolve, reject) => {
    script.addEventListener('load', resolve)
    script.addEventListener('error', () => reject(new Error(`The script ${url} did not load`)))
    document.head.append(script)
  })
}
