// The tree of an edition as it is shown: a flat list of places, of which those under a closed one are left out.
import type { Place } from '@/api/types'

/** The numbers of the places that are seen. */
export function seen(places: readonly Pick<Place, 'depth'>[], closed: (index: number) => boolean): number[] {
  const out: number[] = []
  let under = Infinity
  places.forEach((place, index) => {
    if (place.depth > under) return
    under = closed(index) ? place.depth : Infinity
    out.push(index)
  })
  return out
}

/** The number of the place above; -1 at the top. */
export function parentOf(places: readonly Pick<Place, 'depth'>[], index: number): number {
  for (let i = index - 1; i >= 0; i--) if (places[i]!.depth < places[index]!.depth) return i
  return -1
}

/** Whether others stand below it. */
export const opens = (places: readonly Pick<Place, 'depth'>[], index: number) => (places[index + 1]?.depth ?? 0) > places[index]!.depth

/** The place to which a key leads, or what it does to the one where it is pressed. */
export type Step = { go: number } | { open: number } | { close: number } | { choose: number } | null

/** What a key does in a tree, as its pattern says (WAI-ARIA): up and down walk, right opens or goes in, left closes or goes out. */
export function step(key: string, places: readonly Pick<Place, 'depth' | 'leaf'>[], shown: readonly number[], here: number, closed: (index: number) => boolean): Step {
  const at = shown.indexOf(here)
  const go = (n: number | undefined): Step => (n === undefined || n < 0 ? null : { go: n })
  switch (key) {
    case 'ArrowDown': return go(shown[at + 1])
    case 'ArrowUp': return go(shown[at - 1])
    case 'Home': return go(shown[0])
    case 'End': return go(shown.at(-1))
    case 'ArrowRight': return !opens(places, here) ? null : closed(here) ? { open: here } : go(shown[at + 1])
    case 'ArrowLeft': return opens(places, here) && !closed(here) ? { close: here } : go(parentOf(places, here))
    case 'Enter':
    case ' ': return places[here]!.leaf ? { choose: here } : closed(here) ? { open: here } : { close: here }
    default: return null
  }
}
