/** An element: text, or children. */
export type XmlNode = readonly [name: string, content: string | number | readonly XmlNode[]]

/**
 * Renders an answer's XML with its declaration, without namespace and without indentation.
 * Text is escaped; characters that XML 1.0 cannot hold are written as references, which strict parsers
 * refuse: that is what `encoding-type=url` is for.
 */
export function renderXml(root: XmlNode): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${renderNode(root)}\n`
}

function renderNode([name, content]: XmlNode): string {
  const inner = Array.isArray(content) ? content.map(renderNode).join('') : escapeXml(String(content))
  return `<${name}>${inner}</${name}>`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

function escapeXml(text: string): string {
  return text.replace(
    // eslint-disable-next-line no-control-regex -- control characters are the ones to be replaced
    /[&<>"'\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g,
    (char) => ESCAPES[char] ?? `&#${char.charCodeAt(0)};`,
  )
}
