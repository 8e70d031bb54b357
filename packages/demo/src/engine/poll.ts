import { useSignal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'

/**
 * Asks again and again while the component is there, one question at a time. A question that fails, as while a worker is
 * being replaced, leaves the answer as it was.
 *
 * @param ask the same function as long as the question is the same
 */
export function usePolled<T>(
  ask: () => Promise<T>,
  everyMs: (answer: T) => number,
  first: T,
): ReadonlySignal<T> {
  const answer = useSignal(first)
  useEffect(() => {
    const state: { isOver: boolean; timer?: ReturnType<typeof setTimeout> } = { isOver: false }
    const look = async (): Promise<void> => {
      const found = await ask().catch(() => answer.peek())
      if (state.isOver) return
      answer.value = found
      state.timer = setTimeout(() => void look(), everyMs(found))
    }
    void look()
    return () => {
      state.isOver = true
      clearTimeout(state.timer)
    }
  }, [ask, everyMs, answer])
  return answer
}
