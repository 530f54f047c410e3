import { computed } from 'vue'
import { useRoute, type RouteLocationRaw } from 'vue-router'
import type { IconName } from '@/shared/icons'
import { t } from '@/shared/i18n'
import { lastCampaign, may, type Verb } from '../session'

export interface PageLink {
  key: string
  label: string
  icon: IconName
  to: RouteLocationRaw
  /** Route names under which this link is the current one. */
  names: string[]
  /** Too rarely opened on a phone for a place at its bottom. */
  aside?: boolean
}

/** The pages that this person has, in the order of the seven words; a page that does not exist yet is not shown. */
export function usePages() {
  const route = useRoute()
  const campaign = computed(() => (typeof route.params['campaign'] === 'string' ? route.params['campaign'] : lastCampaign.value?.id))
  const here = (verb: Verb, link: PageLink) => (campaign.value && may(verb, campaign.value) ? [link] : [])
  const main = computed<PageLink[]>(() => {
    const params = { campaign: campaign.value ?? '' }
    return [
      ...here('overview.see', { key: 'overview', label: t('nav.overview'), icon: 'overview', to: { name: campaign.value && may('task.decide', campaign.value) ? 'overview' : 'leader', params }, names: ['overview', 'leader'] }),
      ...here('plan.see', { key: 'plans', label: t('nav.plans'), icon: 'plan', to: { name: 'plans', params }, names: ['plans', 'plan', 'plan-import', 'plan-adopt'] }),
      ...here('duty.see', { key: 'duties', label: t('nav.duties'), icon: 'duty', to: { name: 'duties', params }, names: ['duties', 'duty', 'duty-add'] }),
      ...here('initiative.see', { key: 'initiatives', label: t('nav.initiatives'), icon: 'flag', to: { name: 'initiatives', params }, names: ['initiatives', 'initiative', 'initiative-add'], aside: true }),
      ...here('standard.see', { key: 'standards', label: t('nav.standards'), icon: 'target', to: { name: 'standards', params }, names: ['standards', 'leaf-owners', 'edition', 'edition-comparison', 'edition-source'], aside: true }),
      ...here('evidence.see', { key: 'evidence', label: t('nav.evidence'), icon: 'image', to: { name: 'requirements', params }, names: ['requirements', 'evidence', 'evidence-list', 'evidence-file', 'reviews'], aside: !!campaign.value && may('overview.see', campaign.value) }),
      ...here('burden.see', { key: 'burden', label: t('burden.nav'), icon: 'history', to: { name: 'burden', params }, names: ['burden'], aside: true }),
      ...here('task.see', { key: 'tasks', label: t('nav.tasks'), icon: 'checklist', to: { name: 'tasks', params }, names: ['tasks', 'task', 'board', 'calendar'] }),
      ...here('score.see', { key: 'score', label: t('score.nav'), icon: 'score', to: { name: 'score', params }, names: ['score'], aside: true }),
      ...here('site.see', { key: 'data', label: t('data.nav'), icon: 'table', to: { name: campaign.value && may('observation.see', campaign.value) ? 'statistics' : 'sites', params }, names: ['statistics', 'sites', 'observations', 'results', 'result', 'result-record', 'result-correct'], aside: true }),
      ...here('unit.see', { key: 'units', label: t('nav.units'), icon: 'unit', to: { name: 'units', params }, names: ['units', 'unit'] }),
      ...here('duty.export', { key: 'documents', label: t('nav.documents'), icon: 'print', to: { name: 'documents', params }, names: ['documents', 'templates'] }),
    ]
  })
  const foot = computed<PageLink[]>(() => {
    const params = { campaign: campaign.value ?? '' }
    return [
      ...here('people.manage', { key: 'people', label: t('nav.people'), icon: 'group', to: { name: 'people', params }, names: ['people'] }),
      ...here('ledger.see', { key: 'ledger', label: t('nav.ledger'), icon: 'ledger', to: { name: 'ledger', params }, names: ['ledger'] }),
      ...here('campaign.see', { key: 'settings', label: t('nav.settings'), icon: 'settings', to: { name: 'settings', params }, names: ['settings', 'webhooks'] }),
      ...(may('user.manage') ? [{ key: 'users', label: t('nav.users'), icon: 'people' as const, to: { name: 'users' }, names: ['users'] }] : []),
      ...(may('user.manage') ? [{ key: 'mail', label: t('nav.mail'), icon: 'mail' as const, to: { name: 'mail' }, names: ['mail'] }] : []),
      ...(may('holiday.edit') ? [{ key: 'holidays', label: t('holiday.nav'), icon: 'calendar' as const, to: { name: 'holidays' }, names: ['holidays'] }] : []),
      ...(may('ledger.see_all') ? [{ key: 'system-ledger', label: t('nav.systemLedger'), icon: 'history' as const, to: { name: 'system-ledger' }, names: ['system-ledger'] }] : []),
    ]
  })
  const isCurrent = (link: PageLink) => typeof route.name === 'string' && link.names.includes(route.name)
  return { campaign, main, foot, isCurrent }
}
