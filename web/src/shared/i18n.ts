import { computed } from 'vue'
import { createI18n, type MessageContext, type MessageFunction } from 'vue-i18n'
import type zh from '@/locales/zh-CN'
import front from '@/locales/zh-CN/front'
import { keep, kept } from './keep'

export type Locale = 'zh-CN' | 'en'
type Widen<T> = { [K in keyof T]: T[K] extends string ? string : Widen<T[K]> }
/** The shape that every locale must have; zh-CN is the original. */
export type Messages = Widen<typeof zh>
type Leaves<T, P extends string = ''> = { [K in keyof T & string]: T[K] extends string ? `${P}${K}` : Leaves<T[K], `${P}${K}.`> }[keyof T & string]
/** Every key that has a message. A key that has none does not compile. */
export type MessageKey = Leaves<Messages>
export type T = (key: MessageKey, values?: Record<string, string | number>) => string

/**
 * Messages are made functions by us, so that no browser fetches a compiler for the little that they hold: `{name}` is
 * a value, ` | ` parts the singular from the plural.
 */
type Made = { [key: string]: MessageFunction<string> | Made }
function made(messages: object): Made {
  return Object.fromEntries(Object.entries(messages).map(([key, m]: [string, unknown]) => [key, typeof m === 'string' ? toFunction(m) : made(m as object)]))
}
function toFunction(message: string): MessageFunction<string> {
  const cases = message.split(' | ').map((one) => {
    const parts = one.split(/\{(\w+)\}/)
    return (ctx: MessageContext<string>) => parts.map((part, i) => (i % 2 ? String(ctx.named(part) ?? '') : part)).join('')
  })
  const only = cases.length === 1 ? cases[0] : undefined
  return only ?? ((ctx: MessageContext<string>) => ctx.plural(cases.map((one) => one(ctx))))
}

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: false,
  messages: { 'zh-CN': made(front) } as unknown as Record<string, typeof zh>,
})

export const locale = computed(() => i18n.global.locale.value as Locale)
export const isZh = computed(() => locale.value === 'zh-CN')

/** `values.n` also chooses between singular and plural. */
export const t: T = (key, values = {}) => (typeof values['n'] === 'number' ? i18n.global.t(key, values, values['n']) : i18n.global.t(key, values))

/** What the server says in both languages, in the reader's. */
export const said = (both: { zh: string; en: string }) => (isZh.value ? both.zh || both.en : both.en || both.zh)

export async function useLocale(next: Locale) {
  if (!i18n.global.availableLocales.includes(next)) {
    i18n.global.setLocaleMessage(next, made((await import('@/locales/en')).default) as unknown as typeof zh)
  }
  i18n.global.locale.value = next
  document.documentElement.lang = next
  keep('locale', next)
}

/** All that the pages behind the login say. It is fetched with them: whoever signs in does not wait for it. */
export async function wholeLocale() {
  i18n.global.setLocaleMessage('zh-CN', made((await import('@/locales/zh-CN')).default) as unknown as typeof zh)
}

export const keptLocale = (): Locale => (kept('locale') === 'en' ? 'en' : 'zh-CN')
