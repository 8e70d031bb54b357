import type { JSX } from 'preact'
import { format, words } from '../words/language.ts'
import type { EventLog } from './event-log.ts'

/** What happened, the latest first. */
export function LogView({ log }: { readonly log: EventLog }): JSX.Element {
  return (
    // Focusable, since it scrolls. What matters of it is announced elsewhere.
    <div class="log" role="log" aria-live="off" aria-labelledby="log-title" tabIndex={0} data-testid="log">
      <ol>
        {log.entries.value.map(({ id, atMs, path, say }) => (
          <li key={id}>
            <time>{format.value.time(atMs)}</time> {path !== '' && <b>{path}</b>}{' '}
            {say(words.value, format.value)}
          </li>
        ))}
      </ol>
    </div>
  )
}
