import { describe, expect, test } from 'vitest'
import { fileExtension, imageExtension } from './file-extension.ts'

describe('fileExtension()', () => {
  test.each([
    ['film.mp4', 'mp4', 'plain'],
    ['FILM.MOV', 'mov', 'any case'],
    ['a.tar.gz', 'gz', 'the last one counts'],
    ['电影 1.webm', 'webm', 'any script before it'],
    ['disk.img', 'img', 'no media format, but good enough to try the demo'],
  ])('%s has %s: %s', (name, extension) => {
    expect(fileExtension(name)).toBe(extension)
  })

  test.each([
    ['README', 'no dot'],
    ['film.', 'nothing after the dot'],
    ['.mp4', 'nothing before it'],
    ['folder/.mp4', 'nothing before it in the folder'],
    ['film.m p4', 'a space'],
    ['film.🎬', 'no letters'],
    ['film.mp4/', 'a folder'],
  ])('%j is refused: %s', (name) => {
    expect(() => fileExtension(name)).toThrow(
      expect.objectContaining({ status: 400, code: 'InvalidFileName.Extension' }),
    )
  })
})

describe('imageExtension()', () => {
  test('takes what CreateUploadImage takes', () => {
    expect(['a.png', 'a.JPG', 'a.jpeg', 'a.gif'].map(imageExtension)).toEqual(['png', 'jpg', 'jpeg', 'gif'])
  })

  test('refuses other images', () => {
    expect(() => imageExtension('a.bmp')).toThrow(
      expect.objectContaining({ status: 400, code: 'InvalidParameter' }),
    )
  })
})
