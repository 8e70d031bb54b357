import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readForm, type Form } from './form-data.ts'
import { OssError } from './oss-error.ts'

const MIB = 1024 * 1024
const TYPE = 'multipart/form-data; boundary=XX'

async function* pieces(body: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer, void> {
  let start = 0
  for (let turn = 0; start < body.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? body.length
    yield body.subarray(start, start + size)
    start += size
  }
}

function read(body: string | Buffer, type: string | undefined = TYPE, sizes = [65_536]): Promise<Form> {
  return readForm(type, pieces(Buffer.from(body), sizes))
}

async function contentOf(form: Form): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of form.file.chunks()) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function part(head: string, content = ''): string {
  return `--XX\r\n${head}\r\n\r\n${content}\r\n`
}

function field(name: string, value: string): string {
  return part(`Content-Disposition: form-data; name="${name}"`, value)
}

const FILE = part('Content-Disposition: form-data; name="file"; filename="a.txt"', 'abc')
const END = '--XX--\r\n'

async function codeOf(action: () => Promise<unknown>): Promise<string> {
  try {
    await action()
    return 'none'
  } catch (error) {
    if (!(error instanceof OssError)) throw error
    return `${error.status} ${error.code}`
  }
}

test('a form gives its fields by their lower-case names, and its file', async () => {
  const form = await read(`${field('Key', 'a/b')}${field('x-oss-meta-A', '中文\r\nb')}${FILE}${END}`)
  expect([...form.fields]).toEqual([
    ['key', 'a/b'],
    ['x-oss-meta-a', '中文\r\nb'],
  ])
  expect(form.file).toMatchObject({ name: 'a.txt', contentType: undefined })
  expect(String(await contentOf(form))).toBe('abc')
})

test('a form that fetch() encodes is read back, however its bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.stringMatching(/^[a-z-]{1,9}$/), fc.string({ unit: 'binary' })), { maxLength: 3 }),
      fc.array(fc.constantFrom('\r', '\n', '\r\n', '\r\n--', '-', 'x', '----formdata'), { maxLength: 40 }),
      fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 9 }),
      async (fields, content, sizes) => {
        const data = new FormData()
        for (const [name, value] of fields) data.append(`x-${name}`, value)
        data.append('file', new Blob([content.join('')], { type: 'text/plain' }), 'n.txt')
        const encoded = new Response(data)
        const body = Buffer.from(await encoded.arrayBuffer())
        const form = await readForm(encoded.headers.get('content-type') ?? '', pieces(body, sizes))
        // The HTML standard makes each line end of a value CR LF.
        const sent = fields.map(
          ([name, value]) => [`x-${name}`, value.replace(/\r\n|\r|\n/g, '\r\n')] as const,
        )
        expect([...form.fields]).toEqual([...new Map(sent)])
        expect(form.file).toMatchObject({ name: 'n.txt', contentType: 'text/plain' })
        expect(String(await contentOf(form))).toBe(content.join(''))
      },
    ),
  )
})

test('the file is taken only as fast as it is asked for', async () => {
  let taken = 0
  async function* long(): AsyncGenerator<Buffer, void> {
    yield Buffer.from(part('Content-Disposition: form-data; name="file"').slice(0, -2))
    while (taken < 100) {
      taken += 1
      yield Buffer.alloc(65_536)
    }
  }
  const chunks = (await readForm(TYPE, long())).file.chunks()
  expect(taken).toBe(0)
  await chunks.next()
  await chunks.next()
  expect(taken).toBe(2)
})

describe('of the file part', () => {
  test.each<[head: string, name: string, contentType: string | undefined]>([
    ['name="file"; filename="C:\\dir\\a b.txt"', 'a b.txt', undefined],
    ['name=file; filename=a.txt', 'a.txt', undefined],
    ['filename="a;b.txt"; name="FILE"', 'a;b.txt', undefined],
    ['name="file"', '', undefined],
    ['name="file"\r\ncontent-type: text/plain;charset=UTF-8', '', 'text/plain;charset=UTF-8'],
  ])('%j is the name %j, the type %j', async (head, name, contentType) => {
    const form = await read(part(`Content-Disposition: form-data; ${head}`, 'abc') + END)
    expect(form.file).toMatchObject({ name, contentType })
  })
})

test('fields after the file are read over and do not count, nor does what is around the form', async () => {
  const form = await read(`preamble\r\n${field('key', 'a')}${FILE}${field('submit', 'x')}${END}epilogue`)
  expect(String(await contentOf(form))).toBe('abc')
  expect([...form.fields.keys()]).toEqual(['key'])
})

describe('what is not a form of one file is refused', () => {
  test.each<[reason: string, body: string, expected: string, type?: string]>([
    ['another type', '{}', '400 RequestIsNotMultiPartContent', 'application/json'],
    ['no boundary', FILE + END, '400 MalformedPOSTRequest', 'multipart/form-data'],
    ['another boundary', FILE + END, '400 MalformedPOSTRequest', 'multipart/form-data; boundary=YY'],
    ['no file', field('key', 'a') + END, '400 MalformedPOSTRequest'],
    ['a body that ends in a field', field('key', 'a').slice(0, -2), '400 MalformedPOSTRequest'],
    ['a body that ends in the file', FILE, '400 MalformedPOSTRequest'],
    [
      'a part without a name',
      part('Content-Disposition: form-data', 'a') + FILE + END,
      '400 MalformedPOSTRequest',
    ],
    ['a header without a colon', part('Content-Disposition') + FILE + END, '400 MalformedPOSTRequest'],
    ['a delimiter that goes on', `--XXY\r\n${FILE}${END}`, '400 MalformedPOSTRequest'],
    ['two files', FILE + FILE + END, '400 IncorrectNumberOfFilesInPOSTRequest'],
    ['a name over 8 KB', field('n'.repeat(8193), 'a') + FILE + END, '400 FieldItemTooLong'],
    ['headers without end', `--XX\r\nA: ${'x'.repeat(20_000)}`, '400 FieldItemTooLong'],
    ['a value over 2 MB', field('n', 'v'.repeat(2 * MIB + 1)) + FILE + END, '400 FieldItemTooLong'],
    [
      'values over 8 MB in all',
      ['a', 'b', 'c', 'd', 'e'].map((name) => field(name, 'v'.repeat(2 * MIB))).join('') + FILE + END,
      '400 MaxPOSTPreDataLengthExceededError',
    ],
  ])('%s', async (_, body, expected, type = TYPE) => {
    expect(await codeOf(async () => contentOf(await read(body, type)))).toBe(expected)
  })
})

test('names of 8 KB and values of 2 MB are taken', async () => {
  const name = 'n'.repeat(8192)
  const form = await read(field(name, 'v'.repeat(2 * MIB)) + FILE + END)
  expect(form.fields.get(name)?.length).toBe(2 * MIB)
})
