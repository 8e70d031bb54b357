/**
 * Finds an element that the page cannot do without.
 *
 * @throws when it is not there, or is of another kind
 */
export function findElement<E extends Element>(root: ParentNode, selector: string, kind: new () => E): E {
  const element = root.querySelector(selector)
  if (element instanceof kind) return element
  throw new Error(`The page has no ${kind.name} ${selector}`)
}
