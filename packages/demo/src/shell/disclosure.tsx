import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'

/** Wide enough for a second column. As in the style sheet. */
const WIDE = '(min-width: 72rem)'

interface DisclosureProps {
  readonly title: string
  readonly testId: string
  /** Made only while it is open. */
  readonly children: () => JSX.Element
}

/** A panel that can be closed; on a narrow page it is, until it is opened. */
export function Disclosure({ title, testId, children }: DisclosureProps): JSX.Element {
  const isOpen = useSignal(matchMedia(WIDE).matches)
  return (
    <details
      class="panel disclosure"
      data-testid={testId}
      open={isOpen.value}
      onToggle={({ currentTarget }) => (isOpen.value = currentTarget.open)}
    >
      <summary>
        <h2>{title}</h2>
      </summary>
      {isOpen.value && children()}
    </details>
  )
}
