import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { api, must } from '@/api/client'
import type { AttachedStandard, EditionLine } from '@/api/types'
import { t } from '@/shared/i18n'

/** An edition with its tree. */
export function useEdition(standard: MaybeRefOrGetter<string>, edition: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: computed(() => ['standard', toValue(standard), 'edition', toValue(edition)]),
    queryFn: () => must(api.GET('/api/v1/standards/{standard}/editions/{edition}', { params: { path: { standard: toValue(standard), edition: toValue(edition) } } })),
  })
}

/** A coefficient or share as people say it: 0.2 is 20 %. */
export const percent = (share: string) => `${Number((Number(share) * 100).toFixed(4))}%`

/** What a standard is to the others of its campaign, each in a few words; a main one is nothing to any. */
export function partsOf(s: Pick<AttachedStandard, 'gate_of' | 'contributes_to'>): string[] {
  const parts = [...s.gate_of.map((g) => t('standard.gate', { marks: g.at_least })), ...s.contributes_to.map((c) => t('standard.contribution', { share: percent(c.share) }))]
  return parts.length ? parts : [t('standard.main')]
}

/** Editions as they are read: the one that was made last comes first. */
export const newestFirst = <E extends Pick<EditionLine, 'created_at'>>(editions: readonly E[]): E[] => [...editions].sort((a, b) => b.created_at.localeCompare(a.created_at))

export const stateTone = (e: Pick<EditionLine, 'state'>) => (e.state === 'published' ? ('green' as const) : ('amber' as const))

/** Whether the text of a file says a catalogue: it has no tree. */
export const saysCatalogue = (text: string) => !/^\s*"?tree"?\s*:/m.test(text) && /^\s*"?catalogue"?\s*:/m.test(text)

/** Where these words stand in a text, for `Marked`: characters from 0, ends not included, none within another. */
export function marksOf(text: string, words: string): [number, number][] {
  const characters = [...text.toLowerCase()]
  const taken = characters.map(() => false)
  for (const word of words.toLowerCase().split(/\s+/).filter(Boolean)) {
    const wanted = [...word]
    for (let at = 0; at + wanted.length <= characters.length; at++) {
      if (wanted.every((c, i) => characters[at + i] === c)) taken.fill(true, at, at + wanted.length)
    }
  }
  const marks: [number, number][] = []
  taken.forEach((marked, at) => {
    const last = marks.at(-1)
    if (!marked) return
    if (last?.[1] === at) last[1] = at + 1
    else marks.push([at, at + 1])
  })
  return marks
}
