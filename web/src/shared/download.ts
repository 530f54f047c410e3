import { Problem, problemFrom } from '@/api/problem'

/** Fetches a file that the server makes and hands it to the browser under its name. */
export async function download(path: string, name: string) {
  const response = await fetch(path).catch(() => {
    throw new Problem(0, '', '')
  })
  if (!response.ok) throw problemFrom(await response.json().catch(() => null), response)
  hand(await response.blob(), name)
}

/** Hands bytes to the browser as a file of that name. */
export function hand(bytes: Blob, name: string) {
  const url = URL.createObjectURL(bytes)
  const a = document.createElement('a')
  a.href = url
  a.download = name
  a.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
