import { Problem, problemFrom } from '@/api/problem'

/** Fetches a file that the server makes and hands it to the browser under its name. */
export async function download(path: string, name: string) {
  const response = await fetch(path).catch(() => {
    throw new Problem(0, '', '')
  })
  if (!response.ok) throw problemFrom(await response.json().catch(() => null), response)
  const url = URL.createObjectURL(await response.blob())
  const a = document.createElement('a')
  a.href = url
  a.download = name
  a.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
