import { expect, test } from 'vitest'
import { OssError, renderError } from './oss-error.ts'
import { renderXml } from './xml.ts'

test('renderXml() escapes text and keeps the order of elements', () => {
  expect(
    renderXml([
      'A',
      [
        ['B', 'x<&>"\''],
        ['C', 1],
        ['D', []],
      ],
    ]),
  ).toBe('<?xml version="1.0" encoding="UTF-8"?>\n<A><B>x&lt;&amp;&gt;&quot;&apos;</B><C>1</C><D></D></A>\n')
})

test('renderXml() writes characters that XML cannot hold as references', () => {
  expect(renderXml(['A', 'a\fb\u0000\tc'])).toContain('<A>a&#12;b&#0;\tc</A>')
})

test('renderError() puts the fields of the code between HostId and EC', () => {
  const error = new OssError(404, 'NoSuchKey', 'gone', { ec: '1-2', fields: [['Key', 'k']] })
  const details = { requestId: 'R', hostId: 'h' }
  expect(renderError(error, { ...details, hasDetailCodes: true })).toContain(
    '<Error><Code>NoSuchKey</Code><Message>gone</Message><RequestId>R</RequestId><HostId>h</HostId><Key>k</Key>' +
      '<EC>1-2</EC><RecommendDoc>https://api.aliyun.com/troubleshoot?q=1-2</RecommendDoc></Error>',
  )
  expect(renderError(error, { ...details, hasDetailCodes: false })).not.toContain('<EC>')
})
