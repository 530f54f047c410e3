// Keeps the app and what its person last saw of their work on this device, so that a phone in a cellar opens it too.
// What is done there waits in the outbox; this file only remembers what was read.
const VERSION = '__VERSION__'
const FILES = ['__FILES__']
const APP = `app-${VERSION}`
const SEEN = 'seen'
/** The session, the lists of tasks and single tasks; nothing else is left behind on a device. */
const KEPT = /^\/api\/v1\/(session|campaigns\/[^/]+\/tasks(\/[0-9a-f-]{36})?)$/

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(APP).then((cache) => cache.addAll(['/', ...FILES])).then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event) => {
  const old = (name) => name.startsWith('app-') && name !== APP
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => self.clients.claim()))
})

// The next person on this device must see nothing of it.
self.addEventListener('message', (event) => {
  if (event.data === 'forget') event.waitUntil(caches.delete(SEEN))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (KEPT.test(url.pathname)) event.respondWith(newest(request))
  else if (url.pathname.startsWith('/assets/')) event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)))
  else if (request.mode === 'navigate') event.respondWith(fetch(request).catch(() => caches.match('/')))
})

/** The server's answer, or the last one where there is no server; that one says so. */
async function newest(request) {
  const cache = await caches.open(SEEN)
  try {
    const answer = await fetch(request)
    if (answer.ok) await cache.put(request, answer.clone())
    else if (answer.status === 401) await caches.delete(SEEN)
    return answer
  } catch (error) {
    const kept = await cache.match(request)
    if (!kept) throw error
    const headers = new Headers(kept.headers)
    headers.set('X-Kept', 'true')
    return new Response(kept.body, { status: kept.status, headers })
  }
}
