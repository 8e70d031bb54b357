import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createEmitter } from './emitter.ts'

interface Events {
  readonly tick: number
}

describe('createEmitter()', () => {
  const reported: unknown[] = []
  beforeEach(() => {
    reported.length = 0
    vi.stubGlobal('reportError', (error: unknown) => reported.push(error))
  })
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  test('calls listeners in the order in which they came', () => {
    const { on, emit } = createEmitter<Events>()
    const heard: string[] = []
    on('tick', (n) => heard.push(`a${n}`))
    on('tick', (n) => heard.push(`b${n}`))
    emit('tick', 1)
    expect(heard).toEqual(['a1', 'b1'])
  })

  test('stops calling a listener that was removed, and no other of the same function', () => {
    const { on, emit } = createEmitter<Events>()
    const heard: number[] = []
    const listener = (n: number): number => heard.push(n)
    const off = on('tick', listener)
    on('tick', listener)
    off()
    off()
    emit('tick', 1)
    expect(heard).toEqual([1])
  })

  test('stops calling a listener whose signal is aborted', () => {
    const { on, emit } = createEmitter<Events>()
    const heard: number[] = []
    const controller = new AbortController()
    on('tick', (n) => heard.push(n), { signal: controller.signal })
    emit('tick', 1)
    controller.abort()
    emit('tick', 2)
    on('tick', (n) => heard.push(n), { signal: controller.signal })
    emit('tick', 3)
    expect(heard).toEqual([1])
  })

  test('reports a listener that throws, and goes on with the others', () => {
    const { on, emit } = createEmitter<Events>()
    const heard: number[] = []
    const error = new Error('broken listener')
    on('tick', () => {
      throw error
    })
    on('tick', (n) => heard.push(n))
    emit('tick', 1)
    expect(heard).toEqual([1])
    expect(reported).toEqual([error])
  })
})
