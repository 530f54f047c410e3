import { createApp } from 'vue'
import './app/tokens.css'
import './app/base.css'
import './app/theme'
import App from './app/App.vue'
import { router } from './app/router'
import { takeSession } from './app/session'
import { whenSignedOut } from './api/client'
import { i18n, keptLocale, useLocale } from './shared/i18n'

whenSignedOut(() => {
  takeSession(null)
  const at = router.currentRoute.value
  if (!at.meta.open) void router.replace({ name: 'login', query: { next: at.fullPath } })
})

async function start() {
  await useLocale(keptLocale())
  createApp(App).use(i18n).use(router).mount('#app')
}
void start()
