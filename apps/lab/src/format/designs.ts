// The designs, a line each: what it is and whose.
import type { DesignName } from '@idspace/posix-timers';

/** What each design is, oldest first. */
export const DESIGN_MEANINGS: Readonly<Record<DesignName, string>> = {
  idr: 'Linux ≤ 3.9: one ID space for the system, lowest free ID',
  'hash-512': 'Linux 3.10–6.14: 512 buckets, one lock, next-ID cursor per process',
  'hash-512-precheck': 'hash-512, looking for a free ID without the lock first (proposed in 2025)',
  'hash-scaled': '512 buckets per CPU, a lock for each (first version of 2025, in no kernel)',
  'hash-scaled-jhash': 'Linux 6.15+: hash-scaled with jhash2',
  xarray: 'a tree per process, lowest free ID (proposed in 2023)',
  'xarray-cyclic': 'a tree per process, next-ID cursor (in no kernel)',
  generational: 'dense slot and generation in one ID (in no kernel)',
};

/** What moves the restore of generational IDs; nothing where it is not among the designs. */
export function generationsNote(designs: readonly { design: DesignName }[]): string {
  if (!designs.some(({ design }) => design === 'generational')) return '';
  return (
    ' generational: an ID is one of 4,194,304 slots and how often that was used before; a dance creates a slot once more for each ' +
    'earlier use, so fewer timers, replaced as often, take more creates each. Of two IDs for one slot the second is refused.'
  );
}

/** The names of all designs. */
export const DESIGN_NAMES: readonly DesignName[] = Object.keys(DESIGN_MEANINGS) as DesignName[];

/** Explains the designs of an evaluation, name by name. */
export function designEntries(designs: readonly { design: DesignName }[]): [name: string, meaning: string][] {
  return designs.map(({ design }) => [design, DESIGN_MEANINGS[design]]);
}
