import { Problem, problemFrom } from '@/api/problem'

/** Sends a small file as it is and gives the answer; what takes long is a job and sent by the page that shows how far it is. */
export async function sendFile<T>(path: string, file: Blob): Promise<T> {
  const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: file }).catch(() => {
    throw new Problem(0, '', '')
  })
  const body: unknown = await response.json().catch(() => null)
  if (!response.ok) throw problemFrom(body, response)
  return body as T
}
