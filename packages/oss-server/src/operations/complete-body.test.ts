import { describe, expect, test } from 'vitest'
import { parseCompleteBody } from './complete-body.ts'

describe('parseCompleteBody() reads', () => {
  const part = { partNumber: 1, etag: '"AB"' }
  test.each<[reason: string, text: string]>([
    [
      'plain',
      '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"AB"</ETag></Part></CompleteMultipartUpload>',
    ],
    [
      'entities, declaration, blanks and a namespace',
      `<?xml version="1.0" encoding="UTF-8"?>
       <CompleteMultipartUpload xmlns="http://doc.oss-cn-hangzhou.aliyuncs.com">
         <Part><ETag> &quot;AB&quot; </ETag><PartNumber> 1 </PartNumber></Part>
       </CompleteMultipartUpload>`,
    ],
    [
      'a prefix, and an element it does not know',
      '<o:CompleteMultipartUpload><o:Part><o:PartNumber>1</o:PartNumber><o:ETag><![CDATA["AB"]]></o:ETag><o:New><o:ETag>x</o:ETag></o:New></o:Part></o:CompleteMultipartUpload>',
    ],
  ])('%s', (_, text) => {
    expect(parseCompleteBody(text)).toEqual([part])
  })
})

test('parseCompleteBody() keeps the order of the list', () => {
  const entry = (number: number): string => `<Part><PartNumber>${number}</PartNumber><ETag>A</ETag></Part>`
  const text = `<CompleteMultipartUpload>${entry(3)}${entry(1)}</CompleteMultipartUpload>`
  expect(parseCompleteBody(text).map(({ partNumber }) => partNumber)).toEqual([3, 1])
})

describe('parseCompleteBody() refuses', () => {
  test.each<[reason: string, text: string]>([
    ['nothing', ''],
    ['no XML', 'hello'],
    ['cut XML', '<CompleteMultipartUpload><Part>'],
    ['no parts', '<CompleteMultipartUpload></CompleteMultipartUpload>'],
    [
      'a part without ETag',
      '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>',
    ],
    [
      'a part number in words',
      '<CompleteMultipartUpload><Part><PartNumber>one</PartNumber><ETag>A</ETag></Part></CompleteMultipartUpload>',
    ],
    ['another document', '<Delete><Part><PartNumber>1</PartNumber><ETag>A</ETag></Part></Delete>'],
  ])('%s', (_, text) => {
    expect(() => parseCompleteBody(text)).toThrow(
      expect.objectContaining({ status: 400, code: 'MalformedXML' }),
    )
  })
})
