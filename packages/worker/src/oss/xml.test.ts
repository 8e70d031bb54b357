import { parseXml as parseByLibrary, XmlElement as LibraryElement } from '@rgrove/parse-xml'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseXml } from './xml.ts'
import type { XmlElement } from './xml.ts'

/** What a library with all of XML makes of the same text. */
function byLibrary(source: string): XmlElement | undefined {
  const toOurs = (element: LibraryElement): XmlElement => ({
    name: element.name.slice(element.name.indexOf(':') + 1),
    children: element.children.filter((child) => child instanceof LibraryElement).map(toOurs),
    text: element.text,
  })
  const { root } = parseByLibrary(source)
  return root === null ? undefined : toOurs(root)
}

const escape = (text: string): string =>
  text.replace(
    /[<>&"']/g,
    (char) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;', "'": '&#39;' })[char] ?? '',
  )

const name = fc.constantFrom('Code', 'Message', 'Part', 'o:Key', 'ETag', 'Size-1')
const attributes = fc.constantFrom('', ' a="1"', ` xmlns:o='http://doc.oss.com' b = "&amp;"`)
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', '<', '>', '&', '"', "'", '中', '😀', ' ', '\n') }).map(escape),
  fc.constantFrom(
    '<!-- a <b> comment -->',
    '<![CDATA[<not> & an element]]>',
    '&#x4e2d;&#20013;',
    '<?target x?>',
  ),
)
const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
  content: fc
    .array(fc.oneof({ depthSize: 'small' }, text, tie('element')), { maxLength: 4 })
    .map((all) => all.join('')),
  element: fc
    .tuple(name, attributes, tie('content'), fc.boolean())
    .map(([tag, attribute, content, isShort]) =>
      content === '' && isShort ? `<${tag}${attribute}/>` : `<${tag}${attribute} >${content}</${tag}\n>`,
    ),
}))
const xml = fc
  .tuple(fc.constantFrom('', '<?xml version="1.0" encoding="UTF-8"?>\n', '<!-- x -->'), element)
  .map(([head, root]) => ({ head, root }))

describe('parseXml()', () => {
  test('reads what a library with all of XML reads', () => {
    fc.assert(
      fc.property(xml, ({ head, root }) => {
        // The prefix has to be declared for the library.
        const source = `${head}${root}\n`
        expect(parseXml(source)).toEqual(byLibrary(source))
      }),
      { numRuns: 500 },
    )
  })

  test('refuses every text that was cut', () => {
    fc.assert(
      fc.property(xml, fc.nat(), ({ head, root }, cut) => {
        const source = `${head}${root}`
        expect(parseXml(source.slice(0, cut % source.length))).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['nothing', ''],
    ['words', 'Bad Gateway'],
    ['a page of HTML', '<!DOCTYPE html><html><body>502<br></body></html>'],
    ['tags that do not match', '<a><b></a></b>'],
    ['an end without a beginning', '</a>'],
    ['two roots', '<a/><b/>'],
    ['words behind the root', '<a/>b'],
    ['an entity that is not one of XML', '<a>&nbsp;</a>'],
    ['a bare ampersand', '<a>b & c</a>'],
    ['a character beyond Unicode', '<a>&#x110000;</a>'],
    ['an attribute without quotes', '<a b=c></a>'],
  ])('refuses %s', (_, source) => {
    expect(parseXml(source)).toBeUndefined()
  })
})
