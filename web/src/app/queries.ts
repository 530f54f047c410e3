import { QueryClient } from '@tanstack/vue-query'
import { watch } from 'vue'
import { reachable } from '@/api/client'
import { asProblem } from '@/api/problem'
import { session } from './session'

/** What the pages know of the server. It comes with the desk: whoever only signs in does not wait for it. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // An intranet's browser may think itself offline while the server answers: asked in any case, so that a page that
      // can't be had says so in place of waiting for ever.
      networkMode: 'always',
      refetchOnReconnect: true,
      // What the server refused it will refuse again; only a lost connection is worth another try.
      retry: (count, error) => asProblem(error).unreachable && count < 2,
    },
    mutations: { networkMode: 'always' },
  },
})
queries.mount()
// What could not be had while the server was away is asked for again.
watch(reachable, (there) => there && queries.refetchQueries({ type: 'active', predicate: (q) => q.state.status === 'error' }))
// The next person on this machine must see nothing of it.
watch(session, (s) => s === null && queries.clear(), { flush: 'sync' })
