// The standard behaviours of STANDARDS.md, each tested here once for all pages.
import { flushPromises } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'
import { defineComponent, h, nextTick, ref } from 'vue'
import { Problem } from '@/api/problem'
import { fakeServer, inside, press, stand } from '@/testing/fake'
import Marked from './Marked.vue'
import State from './State.vue'
import { planDate } from './dates'
import { useFilters } from './filters'
import { useForm } from './form'
import { t, useLocale } from './i18n'
import { useList, useListKeys } from './list'
import { forget, order, orders } from './orders'
import { useSeen } from './seen'
import { alterations, changedFields, deeds, sentence } from './story'
import { offerUndo, takeBack, toasts } from './undo'

beforeEach(() => localStorage.clear())

it('filters live in the address: set, read back and cleared there', async () => {
  const { result, router } = await inside(() => useFilters(['unit', 'q']), '/duties?q=志愿&other=1')
  expect(result.values.value).toEqual({ unit: '', q: '志愿' })
  await result.set({ unit: 'u1' })
  expect(router.currentRoute.value.query).toEqual({ q: '志愿', other: '1', unit: 'u1' })
  expect(result.active.value).toEqual(['unit', 'q'])
  await result.clear()
  expect(router.currentRoute.value.query).toEqual({ other: '1' })
})

it('a list is walked with j and k, opened with Enter, ticked with x, left with Escape', async () => {
  const did: string[] = []
  const search = ref(document.body.appendChild(document.createElement('input')))
  const { result, wrapper } = await inside(() => useListKeys({ count: () => 3, open: (i) => did.push(`open ${i}`), toggle: (i) => did.push(`tick ${i}`), close: () => did.push('close'), search }))
  for (const key of ['j', 'j', 'Enter', 'j', 'j', 'x', 'k', 'Enter', 'Escape']) press(key)
  expect(did).toEqual(['open 1', 'tick 2', 'open 1', 'close'])
  press('/')
  expect(document.activeElement).toBe(search.value)
  press('j', search.value)
  expect(result.current.value).toBe(1)
  wrapper.unmount()
  press('j')
  expect(result.current.value).toBe(1)
})

it('the row that is walked on stays the same while others come and go', async () => {
  const rows = ref(['a', 'b', 'c'])
  const { result } = await inside(() => useListKeys({ count: () => rows.value.length, id: (i) => rows.value[i] }))
  for (const key of ['j', 'j', 'j']) press(key)
  for (const [now, at] of [[['new', 'a', 'b', 'c'], 3], [['c', 'd'], 0], [['x', 'c'], 1]] as const) {
    rows.value = [...now]
    await nextTick()
    expect(result.current.value).toBe(at)
  }
})

it('what is looked at stays as it was seen once it moved on, until the newer one is taken', async () => {
  const fresh = ref<{ id: string; version: number; said: number } | undefined>()
  const { result } = await inside(() => useSeen(fresh, (seen, now) => seen.id === now.id && seen.version !== now.version))
  expect(result.seen.value).toBeUndefined()
  const come = (id: string, version: number, said: number) => (fresh.value = { id, version, said })
  come('a', 1, 0)
  come('a', 1, 5)
  expect([result.seen.value?.said, result.newer.value]).toEqual([5, undefined])
  come('a', 2, 6)
  come('a', 3, 7)
  expect([result.seen.value?.version, result.newer.value?.version]).toEqual([1, 3])
  result.take()
  expect([result.seen.value?.version, result.newer.value]).toEqual([3, undefined])
  come('b', 1, 0)
  expect(result.seen.value?.id).toBe('b')
})

it('a list asks for the next page with the key that the last one gave', async () => {
  const asked: (string | undefined)[] = []
  const { result } = await inside(() =>
    useList(['things'], (after) => {
      asked.push(after)
      return Promise.resolve({ items: [after ?? 'first'], next: after ? null : 'k1' })
    }),
  )
  await flushPromises()
  expect(result.hasMore.value).toBe(true)
  await result.more()
  await flushPromises()
  expect(asked).toEqual([undefined, 'k1'])
  expect(result.items.value).toEqual(['first', 'k1'])
  expect(result.hasMore.value).toBe(false)
})

it.each([
  [new Problem(0, '', ''), 'state.offlineTitle', true],
  [new Problem(500, '坏了', 'broken'), 'state.errorTitle', true],
  [new Problem(403, '不行', 'no'), 'state.hiddenTitle', false],
  [new Problem(404, '没有', 'none'), 'state.hiddenTitle', false],
] as const)('an error says what happened and offers to try again where that helps: %s', async (error, title, again) => {
  const { wrapper } = await stand({ render: () => null })
  wrapper.unmount()
  const { mount } = await import('@vue/test-utils')
  const page = mount(State, { props: { error } })
  expect(page.text()).toContain(t(title))
  expect(page.find('button').exists()).toBe(again)
})

it('what was typed into a form survives a reload and is forgotten once it is stored', async () => {
  const use = () => useForm({ draft: 'x', empty: () => ({ title: '' }), submit: () => Promise.resolve() })
  const first = await inside(use)
  first.result.model.title = '设置公益广告'
  await nextTick()
  const second = await inside(use)
  expect(second.result.restored.value).toBe(true)
  expect(second.result.model.title).toBe('设置公益广告')
  await second.result.send()
  expect((await inside(use)).result.model.title).toBe('')
})

it("the server's faults stand beside their fields, all others over the form", async () => {
  const problems = [new Problem(422, '有错', 'wrong', [{ path: 'title', zh: '请写名称', en: 'Give a title' }]), new Problem(409, '已经有了', 'exists')]
  const { result } = await inside(() => useForm({ empty: () => ({ title: '' }), submit: () => Promise.reject(problems.shift()) }))
  await result.send()
  expect([result.fault('title'), result.overall.value]).toEqual(['请写名称', null])
  await result.send()
  expect([result.fault('title'), result.overall.value?.zh]).toEqual([undefined, '已经有了'])
})

it('a retry without an answer carries the same idempotency key, a new attempt another one', async () => {
  const keys: string[] = []
  const problems = [new Problem(0, '', ''), new Problem(422, '有错', '')]
  const { result } = await inside(() =>
    useForm({
      empty: () => ({}),
      submit: (_, key) => {
        keys.push(key)
        const p = problems.shift()
        return p ? Promise.reject(p) : Promise.resolve()
      },
    }),
  )
  for (let i = 0; i < 3; i++) await result.send()
  expect(keys[0]).toBe(keys[1])
  expect(keys[1]).not.toBe(keys[2])
})

it('an act can be taken back from its toast, once', async () => {
  const undo = vi.fn()
  offerUndo('已删去', undo)
  const toast = toasts.at(-1)!
  await takeBack(toast)
  expect(undo).toHaveBeenCalledOnce()
  expect(toasts).not.toContain(toast)
})

it('an edit says which version it was made on, and a POST can be repeated safely', async () => {
  const asked = fakeServer(() => ({ status: 200, body: { version: 4 } }))
  const { api, ifMatch, must } = await import('@/api/client')
  await must(api.PATCH('/api/v1/campaigns/{campaign}', { params: { path: { campaign: 'c' }, header: ifMatch({ version: 3 }) }, body: { name: '新' } }))
  await must(api.POST('/api/v1/campaigns/{campaign}/units', { params: { path: { campaign: 'c' } }, body: { name: '县城管局', kind: 'department' } }))
  expect(asked[0]!.headers.get('if-match')).toBe('"v3"')
  expect(asked[1]!.headers.get('idempotency-key')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/)
})

it('the ledger speaks in sentences, also of acts that this version does not know', () => {
  expect(sentence({ action: 'duty.add', subject_kind: 'duty', details: { title: '修补路面' } })).toBe('添加了任务“修补路面”')
  expect(sentence({ action: 'moon.landed', subject_kind: 'moon', details: { name: '月球' } })).toBe('moon.landed“月球”')
})

it('shows what one act wrote together as one deed', () => {
  const entry = (id: string, part?: string) => ({ id, action: 'plan.adopt', at: '', hash: id, subject_id: id, subject_kind: 'duty', details: part ? { with: part } : {} })
  expect(deeds([entry('c', 'a'), entry('b', 'a'), entry('a'), entry('z')]).map((d) => [d.entry.id, d.more])).toEqual([['a', 2], ['z', 0]])
})

it('messages fill in their values and choose the English singular', async () => {
  expect(t('duty.count', { n: 3 })).toBe('3 项')
  await useLocale('en')
  try {
    expect([1, 4].map((n) => t('duty.exported', { n }))).toEqual(['The task table is exported: 1 duty.', 'The task table is exported: 4 duties.'])
    expect(t('ledger.block', { n: '7' })).toBe('Block 7')
  } finally {
    await useLocale('zh-CN')
  }
})

it('an edit is told as what was and what is, a secret only as changed', () => {
  const details = { fields: ['due', 'units', 'password'], before: { due: '2026-06', units: [] }, after: { due: '2026-07-15', units: [{ name: '县教育局', role: 'lead' }] } }
  const told = alterations(details)
  expect(told.map((a) => [a.field, a.before])).toEqual([['时限', planDate('2026-06')], ['责任单位', '无']])
  expect(told[1]!.after).toBe('牵头：县教育局')
  expect(changedFields(details, told.map((a) => a.field))).toEqual(['密码'])
})

it('an entry without a title of its own speaks of the thing by its name of today', () => {
  expect(sentence({ action: 'duty.edit', details: {}, subject_kind: 'duty', subject_title: '修补路面' })).toBe('修改了任务“修补路面”')
  expect(sentence({ action: 'plan.adopt', details: { with: 'x' }, subject_kind: 'duty', subject_title: '修补路面' })).toBe('采用了方案')
})

it('what was found is marked by characters, also behind rare ones', async () => {
  const { wrapper } = await stand(defineComponent({ render: () => h(Marked, { text: '𠮷里小巷与大巷', marks: [[2, 4], [6, 7]] }) }))
  expect(wrapper.findAll('mark').map((m) => m.text())).toEqual(['小巷', '巷'])
  expect(wrapper.text()).toBe('𠮷里小巷与大巷')
})

it('an ordered table is remembered until it is forgotten', async () => {
  const asked = fakeServer(() => ({ status: 202, body: { job: 'j1' } }))
  await order('c', { format: 'xlsx', filter: { q: '小巷' } })
  expect(asked[0]!.body).toEqual({ format: 'xlsx', filter: { q: '小巷' } })
  expect(localStorage.getItem('chengjing.orders')).toBe('["j1"]')
  forget('j1')
  expect([orders.length, localStorage.getItem('chengjing.orders')]).toEqual([0, null])
})
