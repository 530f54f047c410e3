import type { FittingDuty, LeafOwners, OwnersBody, SaidLeaf } from '@/api/types'

/** The indicators under each part of the tree, in its order. */
export function byPart(leaves: readonly LeafOwners[]): { title: string; leaves: LeafOwners[] }[] {
  const parts: { title: string; leaves: LeafOwners[] }[] = []
  for (const leaf of leaves) {
    const title = leaf.above[0] ?? leaf.title
    const last = parts.at(-1)
    if (last?.title === title) last.leaves.push(leaf)
    else parts.push({ title, leaves: [leaf] })
  }
  return parts
}

/** Those that the filters let through: of a unit, or those that nobody answers for. */
export const shown = (leaves: readonly LeafOwners[], filter: { unit: string; free: boolean }) => leaves.filter((l) => (!filter.unit || l.owners.some((o) => o.unit.id === filter.unit)) && (!filter.free || !l.owners.length))

/** What is said where a duty's units are taken for an indicator. */
export const unitsOf = (duty: FittingDuty): SaidLeaf['owners'] => duty.units.map((u) => ({ unit_id: u.unit.id, role: u.role, duty_id: duty.id }))

/** From which share of its words a duty is taken for an indicator without being looked at one by one, in thousandths. */
const PLAIN = 800

/** The best duty of each indicator that nobody answers for, where it leaves little doubt. */
export function bestOf(leaves: readonly LeafOwners[], fits: ReadonlyMap<string, readonly FittingDuty[]>): { leaf: LeafOwners; duty: FittingDuty }[] {
  return leaves.flatMap((leaf) => {
    const duty = leaf.owners.length ? undefined : fits.get(leaf.leaf)?.[0]
    return duty && duty.held >= PLAIN && duty.units.length ? [{ leaf, duty }] : []
  })
}

/** What has to be said so that these indicators are as they were before. */
export function backAsItWas(before: readonly LeafOwners[], after: OwnersBody): SaidLeaf[] {
  const version = new Map(after.leaves.map((l) => [l.leaf, l.version]))
  return before.map((l) => ({ leaf: l.leaf, version: version.get(l.leaf) ?? 0, owners: l.owners.map((o) => ({ unit_id: o.unit.id, role: o.role, duty_id: o.duty?.id ?? null })) }))
}
