/** Lets the browser ask before the page is left while something would be interrupted. */
export function guardLeaving(isBusy: () => boolean): void {
  window.addEventListener('beforeunload', (event) => {
    if (isBusy()) event.preventDefault()
  })
}
