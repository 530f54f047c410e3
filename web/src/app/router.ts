import { ref, watch } from 'vue'
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { api, must, reachable } from '@/api/client'
import { Problem } from '@/api/problem'
import { wholeLocale } from '@/shared/i18n'
import { complain } from '@/shared/undo'
import { lastCampaign, loadSession, may, rememberCampaign, session, sessionKnown, type Verb } from './session'

declare module 'vue-router' {
  interface RouteMeta {
    /** Needs no login. */
    open?: boolean
    /** What the person must be allowed to do, in the campaign of the address or in the installation. */
    verb?: Verb
  }
}

/** Why the app could not start at all; null once it has. */
export const startFailure = ref<unknown>(null)

const inCampaign: RouteRecordRaw[] = [
  { path: 'overview', name: 'overview', component: () => import('@/desk/home/Overview.vue'), meta: { verb: 'overview.see' } },
  { path: 'leader', name: 'leader', component: () => import('@/desk/home/Leader.vue'), meta: { verb: 'overview.see' } },
  { path: 'plans', name: 'plans', component: () => import('@/desk/plan/PlanList.vue'), meta: { verb: 'plan.see' } },
  { path: 'plans/new', name: 'plan-import', component: () => import('@/desk/plan/PlanImport.vue'), meta: { verb: 'plan.import' } },
  { path: 'plans/:plan', name: 'plan', component: () => import('@/desk/plan/PlanPage.vue'), meta: { verb: 'plan.see' } },
  { path: 'plans/:plan/adoption', name: 'plan-adopt', component: () => import('@/desk/plan/PlanAdopt.vue'), meta: { verb: 'plan.adopt' } },
  { path: 'standards', name: 'standards', component: () => import('@/desk/standard/StandardList.vue'), meta: { verb: 'standard.see' } },
  { path: 'standards/:standard/owners', name: 'leaf-owners', component: () => import('@/desk/standard/LeafOwners.vue'), meta: { verb: 'standard.see' } },
  { path: 'standards/:standard/:edition', name: 'edition', component: () => import('@/desk/standard/EditionPage.vue'), meta: { verb: 'standard.see' } },
  { path: 'standards/:standard/:edition/comparison', name: 'edition-comparison', component: () => import('@/desk/standard/EditionComparison.vue'), meta: { verb: 'standard.see' } },
  { path: 'standards/:standard/:edition/source', name: 'edition-source', component: () => import('@/desk/standard/EditionSource.vue'), meta: { verb: 'standard.edit' } },
  { path: 'evidence', name: 'requirements', component: () => import('@/desk/evidence/RequirementList.vue'), meta: { verb: 'evidence.see' } },
  { path: 'evidence/all', name: 'evidence-list', component: () => import('@/desk/evidence/EvidenceList.vue'), meta: { verb: 'evidence.see' } },
  { path: 'evidence/new', name: 'evidence-file', component: () => import('@/desk/evidence/EvidenceFile.vue'), meta: { verb: 'evidence.file' } },
  { path: 'evidence/reviews', name: 'reviews', component: () => import('@/desk/evidence/ReviewQueue.vue'), meta: { verb: 'evidence.review' } },
  { path: 'evidence/:evidence', name: 'evidence', component: () => import('@/desk/evidence/EvidencePage.vue'), meta: { verb: 'evidence.see' } },
  { path: 'burden', name: 'burden', component: () => import('@/desk/burden/BurdenPage.vue'), meta: { verb: 'burden.see' } },
  { path: 'statistics', name: 'statistics', component: () => import('@/desk/observation/StatisticsPage.vue'), meta: { verb: 'observation.see' } },
  { path: 'sites', name: 'sites', component: () => import('@/desk/observation/SiteList.vue'), meta: { verb: 'site.see' } },
  { path: 'observations', name: 'observations', component: () => import('@/desk/observation/ObservationList.vue'), meta: { verb: 'observation.see' } },
  { path: 'results', name: 'results', component: () => import('@/desk/observation/ResultList.vue'), meta: { verb: 'result.see' } },
  { path: 'results/new', name: 'result-record', component: () => import('@/desk/observation/ResultForm.vue'), meta: { verb: 'result.record' } },
  { path: 'results/:result', name: 'result', component: () => import('@/desk/observation/ResultPage.vue'), meta: { verb: 'result.see' } },
  { path: 'results/:result/correction', name: 'result-correct', component: () => import('@/desk/observation/ResultForm.vue'), meta: { verb: 'result.record' } },
  { path: 'score', name: 'score', component: () => import('@/desk/score/ScorePage.vue'), meta: { verb: 'score.see' } },
  { path: 'duties', name: 'duties', component: () => import('@/desk/duty/DutyList.vue'), meta: { verb: 'duty.see' } },
  { path: 'duties/new', name: 'duty-add', component: () => import('@/desk/duty/DutyAdd.vue'), meta: { verb: 'duty.edit' } },
  { path: 'duties/:duty', name: 'duty', component: () => import('@/desk/duty/DutyPage.vue'), meta: { verb: 'duty.see' } },
  { path: 'initiatives', name: 'initiatives', component: () => import('@/desk/initiative/InitiativeList.vue'), meta: { verb: 'initiative.see' } },
  { path: 'initiatives/new', name: 'initiative-add', component: () => import('@/desk/initiative/InitiativeAdd.vue'), meta: { verb: 'initiative.edit' } },
  { path: 'initiatives/:initiative', name: 'initiative', component: () => import('@/desk/initiative/InitiativePage.vue'), meta: { verb: 'initiative.see' } },
  { path: 'tasks', name: 'tasks', component: () => import('@/desk/duty/task/TaskList.vue'), meta: { verb: 'task.see' } },
  { path: 'tasks/board', name: 'board', component: () => import('@/desk/duty/task/Board.vue'), meta: { verb: 'task.see' } },
  { path: 'tasks/calendar', name: 'calendar', component: () => import('@/desk/duty/task/DueCalendar.vue'), meta: { verb: 'task.see' } },
  { path: 'tasks/:task', name: 'task', component: () => import('@/desk/duty/task/TaskPage.vue'), meta: { verb: 'task.see' } },
  { path: 'units', name: 'units', component: () => import('@/desk/people/UnitList.vue'), meta: { verb: 'unit.see' } },
  { path: 'units/:unit', name: 'unit', component: () => import('@/desk/people/UnitPage.vue'), meta: { verb: 'unit.see' } },
  { path: 'documents', name: 'documents', component: () => import('@/desk/publication/Documents.vue'), meta: { verb: 'duty.export' } },
  { path: 'documents/templates', name: 'templates', component: () => import('@/desk/publication/Templates.vue'), meta: { verb: 'template.see' } },
  { path: 'ledger', name: 'ledger', component: () => import('@/desk/ledger/Ledger.vue'), meta: { verb: 'ledger.see' } },
  { path: 'people', name: 'people', component: () => import('@/desk/people/People.vue'), meta: { verb: 'people.manage' } },
  { path: 'settings/webhooks', name: 'webhooks', component: () => import('@/desk/campaign/Webhooks.vue'), meta: { verb: 'webhook.see' } },
  { path: 'settings', name: 'settings', component: () => import('@/desk/campaign/CampaignSettings.vue'), meta: { verb: 'campaign.see' } },
]

const routes: RouteRecordRaw[] = [
  { path: '/login', name: 'login', component: () => import('@/desk/entry/Login.vue'), meta: { open: true } },
  { path: '/login/oidc', name: 'oidc', component: () => import('@/desk/entry/OidcReturn.vue'), meta: { open: true } },
  { path: '/setup', name: 'setup', component: () => import('@/desk/entry/SetUp.vue'), meta: { open: true } },
  { path: '/password', name: 'own-password', component: () => import('@/desk/entry/OwnPassword.vue') },
  { path: '/join', name: 'join', component: () => import('@/desk/entry/Join.vue'), meta: { open: true } },
  { path: '/verify', name: 'verify', component: () => Promise.all([import('@/desk/entry/Verify.vue'), wholeLocale()]).then(([page]) => page), meta: { open: true } },
  {
    path: '/',
    component: () => Promise.all([import('./shell/Desk.vue'), wholeLocale()]).then(([desk]) => desk),
    children: [
      { path: '', name: 'home', component: () => import('@/desk/campaign/NoCampaign.vue'), beforeEnter: () => firstPage() ?? true },
      { path: 'campaigns/new', name: 'campaign-add', component: () => import('@/desk/campaign/CampaignAdd.vue'), meta: { verb: 'campaign.add' } },
      { path: 'users', name: 'users', component: () => import('@/desk/people/UserList.vue'), meta: { verb: 'user.manage' } },
      { path: 'holidays', name: 'holidays', component: () => import('@/desk/holiday/Holidays.vue') },
      { path: 'ledger', name: 'system-ledger', component: () => import('@/desk/ledger/Ledger.vue'), meta: { verb: 'ledger.see_all' } },
      { path: 'notices', name: 'notices', component: () => import('@/desk/notice/Notices.vue') },
      { path: 'mail', name: 'mail', component: () => import('@/desk/notice/Letters.vue'), meta: { verb: 'user.manage' } },
      { path: 'account', name: 'account', component: () => import('@/desk/entry/Account.vue') },
      { path: 'c/:campaign', children: inCampaign },
      { path: ':any(.*)*', name: 'nowhere', component: () => import('./shell/NotFound.vue') },
    ],
  },
]

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.hash ? { el: to.hash } : to.path === from.path ? false : { top: 0 }),
})

/** The page where a person's work is, or null when there is no campaign for them. */
export function firstPage() {
  const campaign = lastCampaign.value
  if (!campaign) return null
  const params = { campaign: campaign.id }
  // Whoever runs the campaign begins with what needs them, whoever only sees it whole with the one page.
  const pages = [['task.decide', 'overview'], ['overview.see', 'leader'], ['task.work', 'tasks'], ['evidence.review', 'reviews'], ['duty.see', 'duties'], ['plan.see', 'plans'], ['unit.see', 'units']] as const
  const page = pages.find(([verb]) => may(verb, campaign.id))
  return { name: page?.[1] ?? 'settings', params }
}

// A page whose code could not be fetched: either the server is away, or a newer version has replaced the files.
router.onError(async (error: unknown, to) => {
  if (!/import|preload|module/i.test(String(error))) throw error
  const there = await fetch('/healthz').then((r) => r.ok, () => false)
  if (there) return location.assign(to.fullPath)
  reachable.value = false
  complain(new Problem(0, '', ''))
  // Whoever asked for the page gets it once the server is back, unless they went elsewhere in the meantime.
  const here = router.currentRoute.value.fullPath
  const stop = watch(reachable, (there) => {
    if (!there) return
    stop()
    if (router.currentRoute.value.fullPath === here) void router.push(to.fullPath)
  })
})

router.beforeEach(async (to) => {
  if (!sessionKnown.value) {
    try {
      await loadSession()
      startFailure.value = null
    } catch (error) {
      startFailure.value = error
      return true
    }
  }
  if (to.meta.open) return session.value && to.name === 'login' ? { path: '/' } : true
  if (!session.value) {
    const installation = await must(api.GET('/api/v1/installation')).catch(() => null)
    return installation?.setup_needed ? { name: 'setup' } : { name: 'login', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
  }
  // With a password that somebody else set nothing is answered but its change.
  if (session.value.must_change_password) return to.name === 'own-password' || { name: 'own-password', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
  if (to.name === 'own-password') return { path: '/' }
  const campaign = to.params['campaign']
  if (typeof campaign === 'string' && session.value.campaigns.some((c) => c.id === campaign)) rememberCampaign(campaign)
  return true
})
