import { computed, effect, signal } from '@preact/signals'
import type { ReadonlySignal, Signal } from '@preact/signals'
import { chinese } from './chinese.ts'
import { english } from './english.ts'
import { createFormat } from './format.ts'
import type { Format } from './format.ts'
import type { Words } from './words.ts'

export type Language = 'en' | 'zh'

const STORED_AS = 'sluice-demo-language'

/** The language of the page: `?lang=`, what was chosen the last time, or the browser's. */
export const language: Signal<Language> = signal(
  chooseLanguage(new URL(location.href).searchParams.get('lang'), readStored(), navigator.languages),
)
export const words: ReadonlySignal<Words> = computed(() => (language.value === 'zh' ? chinese : english))
export const format: ReadonlySignal<Format> = computed(() => createFormat(language.value))

effect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en'
})

/** Changes the language, also for the next visit. */
export function changeLanguage(next: Language): void {
  language.value = next
  try {
    localStorage.setItem(STORED_AS, next)
  } catch {
    // A browser that stores nothing: the choice ends with the page.
  }
}

function chooseLanguage(asked: string | null, stored: string | null, preferred: readonly string[]): Language {
  const known = [asked, stored, ...preferred].map((tag) => tag?.slice(0, 2).toLowerCase())
  return known.find((tag) => tag === 'en' || tag === 'zh') ?? 'en'
}

function readStored(): string | null {
  try {
    return localStorage.getItem(STORED_AS)
  } catch {
    return null
  }
}
