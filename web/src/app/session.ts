import { computed, ref } from 'vue'
import { api, must } from '@/api/client'
import { asProblem } from '@/api/problem'
import type { Session, SessionCampaign } from '@/api/types'
import { keep, kept } from '@/shared/keep'

/** The verbs that pages ask for; docs/PERMISSIONS.md lists them all. */
export type Verb =
  | 'user.manage' | 'holiday.edit' | 'campaign.add' | 'ledger.see_all' | 'campaign.see' | 'campaign.edit' | 'unit.see' | 'unit.edit' | 'initiative.see' | 'initiative.edit' | 'plan.see' | 'plan.import'
  | 'plan.correct' | 'plan.adopt' | 'duty.see' | 'duty.edit' | 'duty.export' | 'view.see' | 'view.save' | 'view.share' | 'task.see' | 'task.act' | 'task.work' | 'task.decide' | 'overview.see' | 'ledger.see' | 'search' | 'people.manage' | 'handover.ask'
  | 'reminder.see' | 'reminder.edit' | 'task.urge'
  | 'webhook.see' | 'webhook.edit'
  | 'standard.see' | 'standard.browse' | 'standard.edit' | 'standard.attach'
  | 'evidence.see' | 'evidence.file' | 'evidence.review' | 'evidence.comment' | 'evidence.ask' | 'dossier.pack' | 'burden.see' | 'doubt.see'
  | 'site.see' | 'site.edit' | 'observation.see' | 'observation.record' | 'observation.release' | 'score.see' | 'result.see' | 'result.record'
  | 'letter.print' | 'bulletin.see' | 'bulletin.make' | 'template.see' | 'template.edit'

/** Who is here and what they may do. Permissions are verbs that the server sends; the pages never look at roles. */
export const session = ref<Session | null>(null)
export const sessionKnown = ref(false)

export async function loadSession(): Promise<Session | null> {
  try {
    session.value = await must(api.GET('/api/v1/session'))
  } catch (error) {
    if (asProblem(error).status !== 401) throw error
    session.value = null
  }
  sessionKnown.value = true
  return session.value
}

export const takeSession = (s: Session | null) => {
  session.value = s
  sessionKnown.value = true
}

export async function signOut() {
  await must(api.DELETE('/api/v1/session')).catch(() => undefined)
  takeSession(null)
}

export const campaignOf = (id: string): SessionCampaign | undefined => session.value?.campaigns.find((c) => c.id === id)

/** Whether the person may do `verb`, in this campaign or in the whole installation. */
export function may(verb: Verb, campaign?: string): boolean {
  const own = campaign === undefined ? undefined : campaignOf(campaign)
  return (session.value?.permissions.includes(verb) ?? false) || (own?.permissions.includes(verb) ?? false)
}

export const lastCampaign = computed(() => {
  const id = kept('campaign')
  return session.value?.campaigns.find((c) => c.id === id) ?? session.value?.campaigns[0] ?? null
})
export const rememberCampaign = (id: string) => keep('campaign', id)
