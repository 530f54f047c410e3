import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'
import './app/tokens.css'
import './app/base.css'
import './app/theme'
import App from './app/App.vue'
import { router } from './app/router'
import { takeSession } from './app/session'
import { whenSignedOut } from './api/client'
import { asProblem } from './api/problem'
import { i18n, keptLocale, useLocale } from './shared/i18n'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // What the server refused it will refuse again; only a lost connection is worth another try.
      retry: (count, error) => asProblem(error).unreachable && count < 2,
    },
  },
})

whenSignedOut(() => {
  takeSession(null)
  queries.clear()
  const at = router.currentRoute.value
  if (!at.meta.open) void router.replace({ name: 'login', query: { next: at.fullPath } })
})

async function start() {
  await useLocale(keptLocale())
  createApp(App).use(i18n).use(router).use(VueQueryPlugin, { queryClient: queries }).mount('#app')
}
void start()
