// The bytes of photographs and files that are to be sent, on this device until the server has taken what they prove. In
// IndexedDB, which keeps them over a closed tab, a killed browser and a restart of the phone.

/** What is known of a kept file beside its bytes. */
export interface Facts {
  id: string
  user: string
  campaign: string
  task: string
  name: string
  size: number
  type: string
  /** Its place among those of its person, in which they were chosen. */
  place: number
  /** Of its bytes, once known. */
  hash: string | null
  /** The key of its upload, once begun: whoever comes back goes on with the same one. */
  upload: string | null
  /** The attachment that it became. */
  attachment: string | null
  /** Why the server does not take it. */
  refused: { zh: string; en: string } | null
}

type Row = Pick<Facts, 'id'> & { blob: Blob }

let opening: Promise<IDBDatabase> | null = null
function open(): Promise<IDBDatabase> {
  opening ??= new Promise<IDBDatabase>((done, fail) => {
    const request = indexedDB.open('chengjing', 1)
    request.onupgradeneeded = () => {
      // Apart from each other: noting how far a file is must not write its bytes again.
      request.result.createObjectStore('files', { keyPath: 'id' }).createIndex('user', 'user')
      request.result.createObjectStore('bytes', { keyPath: 'id' })
    }
    request.onsuccess = () => {
      const shelf = request.result
      const anew = () => (opening = null)
      shelf.onclose = anew
      shelf.onversionchange = () => {
        shelf.close()
        anew()
      }
      done(shelf)
    }
    request.onerror = request.onblocked = () => fail(request.error ?? new Error('blocked'))
  }).catch((error: unknown) => {
    opening = null
    throw error
  })
  return opening
}

/** Resolves once what was done is on the disk, not sooner. */
async function within<T>(mode: IDBTransactionMode, act: (files: IDBObjectStore, bytes: IDBObjectStore) => IDBRequest<T> | void): Promise<T | undefined> {
  const shelf = await open()
  return new Promise((done, fail) => {
    const tx = shelf.transaction(['files', 'bytes'], mode, { durability: 'strict' })
    let request: IDBRequest<T> | void = undefined
    tx.oncomplete = () => done(request ? request.result : undefined)
    tx.onabort = () => fail(tx.error ?? new Error('aborted'))
    try {
      request = act(tx.objectStore('files'), tx.objectStore('bytes'))
    } catch (error) {
      // Half of it must not be kept.
      tx.abort()
      fail(error)
    }
  })
}

export async function listFacts(user: string): Promise<Facts[]> {
  const found = (await within('readonly', (files) => files.index('user').getAll(user) as IDBRequest<Facts[]>)) ?? []
  return found.sort((a, b) => a.place - b.place)
}
export async function bytesOf(id: string): Promise<Blob | null> {
  const row = await within('readonly', (_, bytes) => bytes.get(id) as IDBRequest<Row | undefined>)
  return row?.blob ?? null
}
export const shelve = (facts: Facts, blob: Blob) =>
  within('readwrite', (files, bytes) => {
    files.add(facts)
    bytes.add({ id: facts.id, blob } satisfies Row)
  })
/** Notes more of one that is still there. */
export const note = (id: string, more: Partial<Facts>) =>
  within('readwrite', (files) => {
    const request = files.get(id) as IDBRequest<Facts | undefined>
    request.onsuccess = () => request.result && files.put({ ...request.result, ...more })
  })
export const takeOff = (ids: readonly string[]) =>
  within('readwrite', (files, bytes) => {
    for (const id of ids) {
      files.delete(id)
      bytes.delete(id)
    }
  })
