import { watch } from 'vue'
import { session } from '@/app/session'

/** Puts the app on the device of somebody who works on tasks; on plain http browsers have no such place, and then not. */
export function keepOnDevice() {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  watch(session, (now) => {
    if (now?.campaigns.some((c) => c.permissions.includes('task.work'))) void navigator.serviceWorker.register('/sw.js').catch(() => undefined)
    if (now === null) navigator.serviceWorker.controller?.postMessage('forget')
  }, { immediate: true })
}
