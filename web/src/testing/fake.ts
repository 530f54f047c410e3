// What the tests of the standard behaviours stand on: a server that answers as told, and a page to stand on.
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { mount } from '@vue/test-utils'
import { afterEach, vi } from 'vitest'
import { defineComponent, h, type Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { i18n } from '@/shared/i18n'

export interface Asked {
  method: string
  path: string
  headers: Headers
  body: unknown
}
type Reply = { status: number; body?: unknown } | 'unreachable'

/** Answers every request by `reply` and remembers what was asked. */
export function fakeServer(reply: (asked: Asked) => Reply) {
  const asked: Asked[] = []
  vi.stubGlobal('fetch', async (input: Request) => {
    const text = await input.clone().text()
    const one = { method: input.method, path: new URL(input.url).pathname, headers: input.headers, body: text ? (JSON.parse(text) as unknown) : null }
    asked.push(one)
    const r = reply(one)
    if (r === 'unreachable') throw new TypeError('Failed to fetch')
    return new Response(r.status === 204 ? null : JSON.stringify(r.body ?? {}), { status: r.status, headers: { 'content-type': r.status < 400 ? 'application/json' : 'application/problem+json' } })
  })
  return asked
}
afterEach(() => vi.unstubAllGlobals())

/** Mounts a component in the app's surroundings, at an address. */
export async function stand(component: Component, at = '/') {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:any(.*)*', component: defineComponent({ render: () => h('i') }) }] })
  await router.push(at)
  const wrapper = mount(component, { attachTo: document.body, global: { plugins: [router, i18n, [VueQueryPlugin, { queryClient: new QueryClient({ defaultOptions: { queries: { retry: false } } }) }]] } })
  return { wrapper, router }
}

/** Runs a composable inside a component and hands out what it returns. */
export async function inside<T>(use: () => T, at = '/') {
  let result: T | undefined
  const stood = await stand(
    defineComponent({
      setup() {
        result = use()
        return () => h('div')
      },
    }),
    at,
  )
  return { ...stood, result: result as T }
}
export const press = (key: string, on: EventTarget = document) => on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
