// What it takes to get given IDs again: by creating and deleting until each one comes, and by asking for it.
import { DESIGN, type DesignName, GENERATIONAL_SLOT_BITS } from '@idspace/posix-timers';
import { NS_PER_PAIR, NS_PER_RESTORE } from '@idspace/restore-planner/plan';
import type { RestoreCost } from './evaluation.ts';

const SLOTS = 2 ** GENERATIONAL_SLOT_BITS;

/** The live IDs of one ID space. Positions are IDs, or slots where an ID has a generation. */
export interface IdSpace {
  /** The highest live position. */
  highest: number;
  highestId: number;
  /** How often each live position was used before; 0 where an ID has no generation. */
  live: readonly number[];
  /**
   * Whether a temporary timer must stay until all above it are there, as a freed position would come again immediately. With a
   * next ID there is never more than one, and none is left when the last timer comes.
   */
  refills: boolean;
}

/** Describes the live IDs of a design. */
export function idSpaceOf(design: DesignName, ids: readonly number[]): IdSpace {
  const { reuse } = DESIGN[design];
  let highest = 0;
  let highestId = 0;
  for (const id of ids) {
    highest = Math.max(highest, reuse === 'slot' ? id % SLOTS : id);
    highestId = Math.max(highestId, id);
  }
  const live = ids.map((id) => (reuse === 'slot' ? Math.floor(id / SLOTS) : 0));
  return { highest, highestId, live, refills: reuse !== 'never' };
}

/**
 * Returns what restoring all live IDs costs.
 *
 * Every position up to the highest is created once, and once more for each earlier use; all but the live ones are deleted.
 */
export function restoreCost(spaces: readonly IdSpace[]): RestoreCost {
  let live = 0;
  let creates = 0;
  let peakTimers = 0;
  for (const space of spaces) {
    const earlier = space.live.reduce((sum, uses) => sum + uses, 0);
    creates += space.highest + 1 + earlier;
    peakTimers = Math.max(peakTimers, live + (space.refills ? space.highest + 1 : space.live.length));
    live += space.live.length;
  }
  const deletes = creates - live;
  return {
    dance: { creates, deletes, peakTimers, seconds: (deletes * NS_PER_PAIR + live * NS_PER_RESTORE) / 1e9 },
    byId: { creates: live, seconds: (live * NS_PER_RESTORE) / 1e9 },
  };
}
