import { reactive } from 'vue'
import { asProblem } from '@/api/problem'
import { said, t } from './i18n'

export interface Toast {
  id: number
  text: string
  tone: 'calm' | 'bad'
  undo: (() => Promise<unknown> | unknown) | null
}

export const toasts = reactive<Toast[]>([])
let last = 0

export function dismiss(id: number) {
  const at = toasts.findIndex((x) => x.id === id)
  if (at >= 0) toasts.splice(at, 1)
}

function show(text: string, tone: Toast['tone'], undo: Toast['undo'], ms: number) {
  const id = ++last
  toasts.push({ id, text, tone, undo })
  if (toasts.length > 3) toasts.shift()
  setTimeout(() => dismiss(id), ms)
  return id
}

/** Says that something was done. */
export const say = (text: string) => show(text, 'calm', null, 5000)

/** Says that something was done and offers to take it back, in place of asking "are you sure" before it. */
export const offerUndo = (text: string, undo: () => Promise<unknown> | unknown) => show(text, 'calm', undo, 10_000)

/** Says what went wrong, what is safe and what to do. */
export function complain(error: unknown) {
  const p = asProblem(error)
  const fault = p.faults[0]
  show(p.unreachable ? t('state.unreachable') : p.stale ? t('state.stale') : (fault && said(fault)) || said(p) || t('state.failed'), 'bad', null, 9000)
}

export async function takeBack(toast: Toast) {
  dismiss(toast.id)
  try {
    await toast.undo?.()
  } catch (error) {
    complain(error)
  }
}
