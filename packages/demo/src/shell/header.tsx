import type { JSX } from 'preact'
import { changeLanguage, language, words } from '../words/language.ts'

/** What each page begins with. */
export function Header({ page }: { readonly page: 'uploader' | 'benchmark' }): JSX.Element {
  const { page: say } = words.value
  const other = language.value === 'en' ? 'zh' : 'en'
  const pages = [
    ['uploader', './', say.uploader],
    ['benchmark', './bench.html', say.benchmark],
  ] as const
  return (
    <header class="masthead">
      <p class="brand">
        <img src="./icon.svg" alt="" width="32" height="32" />
        Sluice
      </p>
      <nav aria-label={say.pages}>
        {pages.map(([name, path, label]) => (
          <a key={name} href={path + location.search} aria-current={name === page ? 'page' : undefined}>
            {label}
          </a>
        ))}
      </nav>
      <button
        class="button"
        type="button"
        lang={other}
        data-action="language"
        onClick={() => changeLanguage(other)}
      >
        {say.otherLanguage}
      </button>
    </header>
  )
}
