import type { Doubt, DoubtedPhoto } from '@/api/types'
import { moment, planDate } from '@/shared/dates'
import { t } from '@/shared/i18n'
import { listed, pair, stated } from '@/shared/words'
import { nameOf } from './evidence'

/** A distance as people say it. */
export const distance = (metres: number) => (metres < 1000 ? t('doubt.metres', { n: metres }) : t('doubt.kilometres', { km: (metres / 1000).toFixed(metres < 10_000 ? 1 : 0) }))
const apart = (seconds: number) => (seconds < 60 ? t('doubt.seconds', { n: seconds }) : t('doubt.minutes', { n: Math.round(seconds / 60) }))

/** How the twin was altered, as far as it can be told. */
function alteration(doubt: Doubt): string[] {
  const a = doubt.alike
  if (!a) return []
  return [
    ...(a.mirrored ? [t('doubt.mirrored')] : []),
    ...(Math.abs(a.turn) >= 5 ? [t('doubt.turned', { degrees: Math.abs(a.turn / 10).toFixed(1) })] : []),
    ...(Math.abs(a.scale - 100) >= 4 ? [t('doubt.cut')] : []),
  ]
}

function sign(one: Doubt['signs'][number]): string {
  if (one.is === 'program') return t('doubt.program', { name: one.name })
  if (one.is === 'changed') return t('doubt.changed', { at: moment(one.changed_at), taken: moment(one.taken_at) })
  if (one.is === 'no_time') return t('doubt.noTimeOf', { device: one.device })
  return t('doubt.notYet', { at: moment(one.taken_at), arrived: moment(one.arrived_at) })
}

/** What was found, in a sentence or more. */
export function sayOf(doubt: Doubt): string {
  if (doubt.hidden) return t('doubt.hidden')
  if (doubt.kind === 'same_bytes') return t('doubt.sameBytes')
  if (doubt.kind === 'same_shot') return stated([t('doubt.sameShot', { share: doubt.alike?.share ?? 0 }), ...alteration(doubt)])
  if (doubt.kind === 'burst') return stated([t('doubt.burst', { time: apart(doubt.seconds ?? 0) }), ...(doubt.metres === null || doubt.metres === undefined ? [] : [t('doubt.sitesApart', { far: distance(doubt.metres) })])])
  if (doubt.kind === 'too_old') return t('doubt.tooOld', { day: planDate(doubt.taken_on ?? null), first: planDate(doubt.not_before ?? null), title: doubt.requirement ?? '' })
  if (doubt.kind === 'far_off') return doubt.site ? t('doubt.farFromSite', { far: distance(doubt.metres ?? 0), site: doubt.site }) : t('doubt.farFromPlace', { far: distance(doubt.metres ?? 0) })
  return stated(doubt.signs.map(sign))
}

const PLACES = ['点位', '地点', '位置']
const degrees = (photo: DoubtedPhoto) => {
  const { latitude, longitude } = photo.file.picture
  return typeof latitude === 'number' && typeof longitude === 'number' ? `${latitude.toFixed(5)}, ${longitude.toFixed(5)}` : t('doubt.notSaid')
}
const placeOf = (photo: DoubtedPhoto) => PLACES.map((field) => photo.evidence?.caption[field]).find(Boolean) ?? t('doubt.notSaid')
const useOf = (photo: DoubtedPhoto) => (photo.task ? t('doubt.ofTask') : listed(photo.evidence?.requirements.map(nameOf) ?? []) || t('doubt.forNothing'))

export interface Line {
  label: string
  values: string[]
  /** The two say something else. */
  differs: boolean
}

/** What is said of each photograph, line by line, and where the two differ. */
export function linesOf(photos: DoubtedPhoto[]): Line[] {
  const line = (label: string, of: (photo: DoubtedPhoto) => string): Line => {
    const values = photos.map(of)
    return { label, values, differs: new Set(values).size > 1 }
  }
  return [
    line(t('doubt.unit'), (p) => p.unit?.name ?? ''),
    line(t('doubt.by'), (p) => p.file.uploaded_by.display_name),
    line(t('doubt.arrived'), (p) => moment(p.file.created_at)),
    line(t('doubt.taken'), (p) => (p.file.picture.taken_at ? moment(p.file.picture.taken_at) : t('doubt.notSaid'))),
    line(t('doubt.degrees'), degrees),
    line(t('doubt.place'), placeOf),
    line(t('doubt.madeOn'), (p) => (p.evidence?.made_on ? planDate(p.evidence.made_on) : t('doubt.notSaid'))),
    line(t('doubt.use'), useOf),
    line(t('doubt.file'), (p) => p.file.name),
  ]
}

/** Who dismissed it, and why. */
export const dismissedAs = (doubt: Doubt): string => {
  const d = doubt.dismissal
  if (!d) return ''
  const who = t('doubt.dismissedBy', { name: d.by.display_name, at: moment(d.at) })
  return d.reason ? pair(who, d.reason) : who
}
