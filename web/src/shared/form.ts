import { computed, reactive, ref, watch, type UnwrapNestedRefs } from 'vue'
import { newKey } from '@/api/client'
import { asProblem, type Problem } from '@/api/problem'
import { said } from './i18n'
import { keep, kept } from './keep'

interface Options<M extends object> {
  /** Where an unfinished form is kept in this browser; none for passwords. */
  draft?: string
  empty: () => M
  submit: (model: M, idempotencyKey: string) => Promise<void>
}

/**
 * A form: what was typed survives a reload or a lost connection, the server's faults stand beside their fields, and
 * sending twice by accident does the thing once.
 */
export function useForm<M extends object>({ draft, empty, submit }: Options<M>) {
  const saved = draft ? kept(`draft.${draft}`) : null
  const model = reactive(empty()) as UnwrapNestedRefs<M>
  const restored = ref(false)
  if (saved) {
    try {
      Object.assign(model, JSON.parse(saved))
      restored.value = true
    } catch {
      keep(`draft.${draft}`, null)
    }
  }
  const problem = ref<Problem | null>(null)
  const busy = ref(false)
  let key = newKey()

  const stop = draft ? watch(model, () => keep(`draft.${draft}`, JSON.stringify(model)), { deep: true }) : () => undefined
  const forget = () => {
    if (draft) keep(`draft.${draft}`, null)
  }
  const reset = () => {
    Object.assign(model, empty())
    queueMicrotask(forget)
    problem.value = null
    restored.value = false
  }
  const fault = (path: string) => {
    const f = problem.value?.faults.find((x) => x.path === path || x.path.replace(/^\//, '').replaceAll('/', '.') === path)
    return f ? said(f) : undefined
  }
  /** What is said over the form: only what no field can say. */
  const overall = computed(() => (problem.value && problem.value.faults.length === 0 ? problem.value : null))

  const send = async () => {
    if (busy.value) return
    busy.value = true
    problem.value = null
    try {
      await submit(model as M, key)
      key = newKey()
      stop()
      forget()
    } catch (error) {
      problem.value = asProblem(error)
      // An answer was given: the next attempt is another one. Without an answer the same key makes the retry safe.
      if (!problem.value.unreachable) key = newKey()
    } finally {
      busy.value = false
    }
  }
  return { model, fault, overall, problem, busy, restored, send, reset, forget }
}
