import type { JSX } from 'preact'

interface ProgressBarProps {
  /** What it is the progress of. */
  readonly label: string
  /** 0 to 100, a whole number. */
  readonly percent: number
  /** More than the percents, for those who hear it. */
  readonly text?: string
  readonly testId?: string
}

export function ProgressBar({ label, percent, text, testId }: ProgressBarProps): JSX.Element {
  return (
    <div
      class="bar"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={text}
      data-testid={testId}
    >
      <div class="bar-fill" style={{ '--progress': percent / 100 }} />
    </div>
  )
}
