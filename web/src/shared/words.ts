import { isZh } from './i18n'

/** Full-width letters, digits and punctuation (U+FF01 to U+FF5E) made half-width, one for one. */
export const half = (s: string) => s.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))

/** What a person typed as a list, with any of the usual separators. */
export const splitList = (typed: string) =>
  typed
    .split(/[\u3001\uff0c,\uff1b;\n]/)
    .map((s) => s.trim())
    .filter(Boolean)

/** Several names in one line. */
export const listed = (items: readonly string[]) => items.join(isZh.value ? '\u3001' : ', ')
/** Several statements in one line. */
export const stated = (items: readonly string[]) => items.join(isZh.value ? '\uff1b' : '; ')
/** A name and what is said of it. */
export const pair = (name: string, value: string) => `${name}${isZh.value ? '\uff1a' : ': '}${value}`
