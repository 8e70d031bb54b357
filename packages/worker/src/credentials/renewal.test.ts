import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextRenewalTime, renewalTime } from './renewal.ts'

const HOUR = 3_600_000
const MINUTE = 60_000
const video = { expiresAtMs: HOUR, isRefreshable: true }

/** From 0 to below 1. */
const dice = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('renewalTime()', () => {
  test.each([
    [0, 40],
    [0.5, 49.5],
    [0.999, 58.98],
  ])('by the dice (%f) a life of an hour is renewed after %f minutes', (random, minutes) => {
    expect(renewalTime(video, 0, MINUTE, random) / MINUTE).toBeCloseTo(minutes, 1)
  })

  test('spreads those whose credentials were made in the same second evenly', () => {
    const browsers = 1900
    const perMinute = new Map<number, number>()
    for (let index = 0; index < browsers; index++) {
      const minute = Math.floor(renewalTime(video, 0, MINUTE, index / browsers) / MINUTE)
      perMinute.set(minute, (perMinute.get(minute) ?? 0) + 1)
    }
    expect(perMinute.size).toBe(19)
    expect(Math.max(...perMinute.values())).toBeLessThanOrEqual(101)
  })

  test('a life of less than three times the lead is renewed after two thirds of it', () => {
    for (const random of [0, 0.5, 0.999])
      expect(renewalTime({ ...video, expiresAtMs: 3000 }, 0, MINUTE, random)).toBe(2000)
  })

  test('is never before two thirds of the life, and never later than the lead before the end', () => {
    fc.assert(
      fc.property(fc.nat(HOUR), fc.nat(HOUR), fc.nat(HOUR), dice, (nowMs, lifeMs, leadMs, random) => {
        const at = renewalTime({ expiresAtMs: nowMs + lifeMs, isRefreshable: true }, nowMs, leadMs, random)
        expect(at - nowMs).toBeGreaterThanOrEqual((lifeMs * 2) / 3 - 1e-6)
        expect(at - nowMs).toBeLessThanOrEqual(lifeMs - Math.min(leadMs, lifeMs / 3) + 1e-6)
      }),
    )
  })

  test('is never where there is no end', () => {
    expect(renewalTime({ expiresAtMs: undefined, isRefreshable: true }, 0, MINUTE, 0.5)).toBe(Infinity)
  })

  test('is the very end where there is no refresh', () => {
    expect(renewalTime({ ...video, isRefreshable: false }, 0, MINUTE, 0.5)).toBe(HOUR)
  })
})

test('nextRenewalTime() is after a quarter to three quarters of what is left', () => {
  expect(nextRenewalTime(1000, 600, 0)).toBe(700)
  expect(nextRenewalTime(1000, 600, 0.5)).toBe(800)
  expect(nextRenewalTime(1000, 600, 0.999)).toBeCloseTo(900, 0)
})
