/** An element of one of the service's answers, which hold other elements or text, and attributes of no meaning. */
export interface XmlElement {
  /** Without prefix: the documentation shows a namespace that real answers do not have. */
  readonly name: string
  readonly children: readonly XmlElement[]
  /** Its own text and that of all in it. */
  readonly text: string
}

/**
 * Declaration, comment, CDATA, a tag (closing, name, attributes, self-closing), or text. There is no `DOMParser` in a
 * worker, and the smallest library with all of XML is a sixth of what the worker script may weigh.
 */
const TOKEN =
  /<\?[^]*?\?>|<!--[^]*?-->|<!\[CDATA\[([^]*?)\]\]>|<(\/?)([^\s<>/!?&"'=]+)((?:\s+[^\s<>/=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y

interface OpenElement {
  readonly qualifiedName: string
  readonly children: XmlElement[]
  text: string
}

/** Reads the root element; undefined where a text is not well-formed: cut, a page of HTML, nothing at all. */
export function parseXml(source: string): XmlElement | undefined {
  const open: OpenElement[] = [{ qualifiedName: '', children: [], text: '' }]
  const token = new RegExp(TOKEN)
  while (token.lastIndex < source.length) {
    const match = token.exec(source)
    const top = open.at(-1)
    if (match === null || top === undefined) return undefined
    const [, cdata, closing, name, , selfClosing, text] = match
    const content = cdata ?? (text === undefined ? '' : decodeEntities(text))
    if (content === undefined) return undefined
    top.text += content
    if (name === undefined) continue
    if (closing === '') open.push({ qualifiedName: name, children: [], text: '' })
    if (closing === '' && selfClosing === '') continue
    const element = open.pop()
    const parent = open.at(-1)
    if (element === undefined || parent === undefined || element.qualifiedName !== name) return undefined
    parent.children.push({
      name: name.slice(name.indexOf(':') + 1),
      children: element.children,
      text: element.text,
    })
    parent.text += element.text
  }
  const [document] = open
  const root = document?.children[0]
  const isWhole =
    open.length === 1 && document?.children.length === 1 && document.text.trim() === root?.text.trim()
  return isWhole ? root : undefined
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** Undefined where an `&` is none of XML's own. */
function decodeEntities(text: string): string | undefined {
  let isValid = true
  const decoded = text.replace(/&([^;]*);?/g, (whole, name: string) => {
    const digits = /^#(?:x([0-9a-f]+)|([0-9]+))$/i.exec(name)
    const code =
      digits === null ? NaN : parseInt(digits[1] ?? digits[2] ?? '', digits[1] === undefined ? 10 : 16)
    const char = code <= 0x10ffff ? String.fromCodePoint(code) : ENTITIES[name]
    if (char === undefined || !whole.endsWith(';')) isValid = false
    return char ?? ''
  })
  return isValid ? decoded : undefined
}
