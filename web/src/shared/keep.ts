// What the browser remembers for a person. Storage may be full or forbidden: then nothing is remembered, and nothing breaks.
const prefix = 'chengjing.'

export function kept(key: string): string | null {
  try {
    return localStorage.getItem(prefix + key)
  } catch {
    return null
  }
}

/** False when it could not be kept. */
export function keep(key: string, value: string | null): boolean {
  try {
    if (value === null) localStorage.removeItem(prefix + key)
    else localStorage.setItem(prefix + key, value)
    return true
  } catch {
    return false
  }
}
