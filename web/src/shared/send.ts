import { Problem, problemFrom } from '@/api/problem'

async function post(path: string, file: Blob, headers: Record<string, string>) {
  return fetch(path, { method: 'POST', headers: { 'content-type': 'application/octet-stream', ...headers }, body: file }).catch(() => {
    throw new Problem(0, '', '')
  })
}

/** Sends a small file under a key and gives the file that answers it. */
export async function sendForFile(path: string, file: Blob, key: string): Promise<Blob> {
  const response = await post(path, file, { 'idempotency-key': key })
  if (!response.ok) throw problemFrom(await response.json().catch(() => null), response)
  return response.blob()
}

/** Sends a small file as it is and gives the answer; what takes long is a job and sent by the page that shows how far it is. */
export async function sendFile<T>(path: string, file: Blob): Promise<T> {
  const response = await post(path, file, {})
  const body: unknown = await response.json().catch(() => null)
  if (!response.ok) throw problemFrom(body, response)
  return body as T
}
