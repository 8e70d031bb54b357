import { expect, test } from 'vitest'
import { imageKey, videoKey } from './object-key.ts'

const DIGITS = 'b8cf180a1b2c3d4e5f60718293a4b5c6'

test('videoKey() is of the form that VOD uses', () => {
  expect(videoKey('mp4', 0x1736f56d144, DIGITS)).toBe('sv/b8cf180-1736f56d144/b8cf180-1736f56d144.mp4')
})

test('imageKey() is of the form that VOD uses', () => {
  expect(imageKey('png', DIGITS)).toBe('image/default/B8CF180A1B2C3D4E-6-2.png')
})
