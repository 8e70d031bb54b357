import { useSignal } from '@preact/signals'
import type { InputHTMLAttributes, JSX } from 'preact'
import { words } from '../words/language.ts'
import { wayWords } from '../words/words.ts'
import type { OtherOssField } from '../words/words.ts'
import type { Comparison } from './comparison.ts'
import type { Contender } from './contenders/contender.ts'
import { readForm } from './form.ts'

const MIB = 1024 ** 2
const SIZES: readonly (readonly [bytes: number, label: string])[] = [
  [50 * 1024, '50 KiB'],
  [16 * MIB, '16 MiB'],
  [128 * MIB, '128 MiB'],
  [256 * MIB, '256 MiB'],
  [1024 * MIB, '1 GiB'],
]

/** What is asked of another OSS, and how. Secrets are not to be remembered by the browser. */
const OTHER: readonly (readonly [OtherOssField, InputHTMLAttributes])[] = [
  ['endpoint', { type: 'url', placeholder: 'https://oss-cn-shanghai.aliyuncs.com' }],
  ['region', { placeholder: 'cn-shanghai' }],
  ['bucket', {}],
  ['folder', { defaultValue: 'sluice-benchmark' }],
  ['accessKeyId', { autocomplete: 'off' }],
  ['accessKeySecret', { type: 'password', autocomplete: 'off' }],
  ['securityToken', { type: 'password', autocomplete: 'off' }],
]

interface BenchFormProps {
  readonly contenders: readonly Contender[]
  readonly comparison: Comparison
}

/** What to compare, and the buttons. */
export function BenchForm({ contenders, comparison }: BenchFormProps): JSX.Element {
  return (
    <form
      class="panel bench-form"
      data-testid="bench-form"
      onSubmit={(event) => {
        event.preventDefault()
        const data = new FormData(event.currentTarget)
        void comparison.run(() => readForm(data, contenders, location.href, words.peek()))
      }}
    >
      <Files />
      <Ways contenders={contenders} />
      <Storage />
      <Buttons comparison={comparison} />
      <Said comparison={comparison} />
    </form>
  )
}

function Files(): JSX.Element {
  const { bench: say } = words.value
  const picked = useSignal(0)
  return (
    <fieldset>
      <legend>{say.files}</legend>
      <label>
        <input type="radio" name="files" value="made" defaultChecked /> {say.made}
      </label>
      <span class="bench-under bench-fields">
        <label>
          {say.count} <input name="count" type="number" min="1" max="2000" defaultValue="1" />
        </label>
        <label>
          {say.size}{' '}
          <select name="size">
            {SIZES.map(([bytes, label]) => (
              <option key={bytes} value={bytes} selected={bytes === 256 * MIB}>
                {label}
              </option>
            ))}
          </select>
        </label>
      </span>
      <label>
        <input type="radio" name="files" value="own" /> {say.own}
      </label>
      <span class="bench-under bench-fields">
        {/* What a browser writes beside its own is in the browser's language. */}
        <label class="button bench-pick">
          {say.ownFiles}
          <input
            class="visually-hidden"
            name="own"
            type="file"
            multiple
            data-testid="bench-files"
            onChange={(event) => (picked.value = event.currentTarget.files?.length ?? 0)}
          />
        </label>
        <span class="muted">{say.picked(picked.value)}</span>
      </span>
    </fieldset>
  )
}

function Ways({ contenders }: Pick<BenchFormProps, 'contenders'>): JSX.Element {
  const { bench: say } = words.value
  return (
    <fieldset>
      <legend>{say.ways}</legend>
      <div class="bench-contenders" data-testid="bench-contenders">
        {contenders.map((contender) => {
          const { id, skipped } = contender
          const name = wayWords(words.value, contender)
          return (
            <label key={id}>
              <input
                type="checkbox"
                name="contender"
                value={id}
                defaultChecked={skipped === undefined}
                disabled={skipped !== undefined}
              />
              {skipped === undefined ? name : `${name} (${skipped})`}
            </label>
          )
        })}
      </div>
      <label>
        {say.rounds} <input name="rounds" type="number" min="1" max="20" defaultValue="3" />
      </label>
    </fieldset>
  )
}

function Storage(): JSX.Element {
  const { bench: say } = words.value
  const isOther = useSignal(false)
  return (
    <fieldset>
      <legend>{say.storage}</legend>
      <label>
        <input
          type="radio"
          name="storage"
          value="service"
          defaultChecked
          onChange={() => (isOther.value = false)}
        />{' '}
        {say.ofService}
      </label>
      <label>
        <input type="radio" name="storage" value="other" onChange={() => (isOther.value = true)} />{' '}
        {say.other}
      </label>
      <div class="bench-under bench-other" hidden={!isOther.value}>
        {OTHER.map(([name, attributes]) => (
          <label key={name}>
            {say.fields[name]} <input name={name} {...attributes} />
          </label>
        ))}
      </div>
    </fieldset>
  )
}

function Buttons({ comparison }: Pick<BenchFormProps, 'comparison'>): JSX.Element {
  const { bench: say } = words.value
  const isRunning = comparison.isRunning.value
  return (
    <p class="bench-buttons">
      <button class="button button-primary" type="submit" data-action="run" disabled={isRunning}>
        {say.run}
      </button>
      <button class="button" type="button" data-action="stop" disabled={!isRunning} onClick={comparison.stop}>
        {say.stop}
      </button>
      <button
        class="button"
        type="button"
        data-action="copy"
        disabled={isRunning || comparison.runs.value.length === 0}
        onClick={() => void comparison.copy()}
      >
        {say.copy}
      </button>
    </p>
  )
}

/** Apart from the rest, so that a turn that begins changes nothing but its line. */
function Said({ comparison }: Pick<BenchFormProps, 'comparison'>): JSX.Element {
  return (
    <div class="bench-said">
      <p role="status" data-testid="bench-status">
        {comparison.status.value(words.value)}
      </p>
      <p class="message" role="alert" data-testid="bench-message">
        {comparison.problem.value(words.value)}
      </p>
    </div>
  )
}
