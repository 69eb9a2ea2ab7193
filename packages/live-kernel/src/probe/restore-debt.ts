// How fast a process uses up its timer IDs, and what that adds to a restore: told by the IDs of its timers.

/** The list of a process's timers at one time. */
export interface Sighting {
  /** Seconds. */
  readonly at: number;
  /** IDs, newest timer first. */
  readonly ids: readonly number[];
}

/** What the sightings tell. The kernel does not show the next ID itself, only the timers that are there. */
export interface RestoreDebt {
  /** Timers at the last reading. */
  readonly timers: number;
  /** Highest ID at the last reading; null without timers. */
  readonly highestId: number | null;
  /** IDs used between the first and the last reading that had a timer; null where that cannot be told. */
  readonly idsUsed: number | null;
  readonly idsPerDay: number | null;
  /** Time of creating and deleting up to the highest ID, s: what a restore takes where IDs cannot be asked for. */
  readonly secondsNow: number;
  /** What a day adds to that, s. */
  readonly secondsPerDay: number | null;
  readonly daysToIntMax: number | null;
  /** Why there is no rate; null where there is one. */
  readonly unknown: string | null;
}

const IDS = 2 ** 31;
const DAY = 86_400; // seconds

/**
 * Computes the debt.
 *
 * IDs are counted by the newest timer of the first and of the last reading that has one: each timer made takes the next ID,
 * also one that came and went between two readings.
 * @param sightings In order of time; one at least.
 * @param nsPerPair Time of a create+delete pair, ns.
 */
export function restoreDebt(sightings: readonly Sighting[], nsPerPair: number): RestoreDebt {
  const { ids } = sightings.at(-1)!;
  const highestId = ids.length === 0 ? null : ids.reduce((a, b) => Math.max(a, b));
  const known = {
    timers: ids.length,
    highestId,
    secondsNow: ((highestId ?? 0) * nsPerPair) / 1e9,
  };
  const used = usedIds(sightings);
  if (typeof used === 'string') {
    return { ...known, idsUsed: null, idsPerDay: null, secondsPerDay: null, daysToIntMax: null, unknown: used };
  }
  const idsPerDay = (used.ids / used.seconds) * DAY;
  return {
    ...known,
    idsUsed: used.ids,
    idsPerDay,
    secondsPerDay: (idsPerDay * nsPerPair) / 1e9,
    daysToIntMax: (IDS - 1 - used.newest) / idsPerDay,
    unknown: null,
  };
}

/** Returns IDs and seconds between the first and the last reading that had a timer, or why that cannot be told. */
function usedIds(sightings: readonly Sighting[]): { ids: number; seconds: number; newest: number } | string {
  const seen = sightings.filter(({ ids }) => ids.length > 0);
  if (seen.length === 0) return 'it had no timer at any reading';
  const first = seen[0]!;
  const last = seen.at(-1)!;
  const newest = last.ids[0]!;
  if (newest === first.ids[0]) {
    return 'no new timer was seen: none was made, or each was gone before the next reading';
  }
  const ids = (newest - first.ids[0]! + IDS) % IDS; // INT_MAX is followed by 0
  if (ids > IDS / 2) return 'its newest timer has a lower ID than the one before: it chooses IDs itself';
  return { ids, seconds: last.at - first.at, newest };
}
