import { keep, kept } from '@/shared/keep'

/** What somebody went to the provider for, and where they want to be afterwards. The server's cookie says the rest. */
interface Errand {
  link: boolean
  next: string
}

/** Leaves this app for the provider's page. */
export function leaveFor(url: string, errand: Errand) {
  keep('oidc', JSON.stringify(errand))
  location.assign(url)
}

/** What it was, once: who loads the page anew without it goes on as who logs in. */
export function errand(): Errand {
  const text = kept('oidc')
  try {
    const { link, next } = JSON.parse(text ?? '') as Partial<Errand>
    return { link: link === true, next: typeof next === 'string' ? next : '/' }
  } catch {
    return { link: false, next: '/' }
  }
}

/** Only a path of this app: an address that leads elsewhere is not followed. */
export const ownPath = (next: unknown) => (typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/')
