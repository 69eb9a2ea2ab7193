// How fast a process uses up watch descriptors and process numbers, and what that adds to a restore.
import { INT_MAX } from './int-max.ts';
import type { IdSighting } from './see-ids.ts';

/** A look at a process. */
export interface TimedIdSighting extends IdSighting {
  /** Seconds. */
  readonly at: number;
}

/** What the looks tell of one space. */
export interface IdDebt {
  readonly space: 'inotify' | 'pids';
  /** Watches, or threads and children, at the last look; null where they cannot be read. */
  readonly ids: number | null;
  /** IDs that were used up between the first and the last look, as far as they were seen. */
  readonly idsUsed: number | null;
  readonly idsPerDay: number | null;
  /**
   * What a restore takes for it where IDs cannot be asked for, s, and what a day adds: for watches, adding and removing up to the highest. A process number
   * costs one fork, whatever it is.
   */
  readonly secondsNow: number;
  readonly secondsPerDay: number | null;
  /** Until numbers come again: for watches, of the file that is nearest; for process numbers, of the whole namespace. */
  readonly daysToWrap: number | null;
  /** Why there is no rate; null where there is one. */
  readonly unknown: string | null;
}

const DAY = 86_400; // seconds
const RESERVED = 300; // process numbers begin there again

/**
 * Computes the debts.
 *
 * @param sights In order of time; one at least.
 * @param nsPerWatchPair Time of adding and removing a watch, ns.
 */
export function idDebts(sights: readonly TimedIdSighting[], nsPerWatchPair: number): IdDebt[] {
  return [watchDebt(sights, nsPerWatchPair), numberDebt(sights)];
}

const NO_RATE = { idsUsed: null, idsPerDay: null, secondsPerDay: null, daysToWrap: null };

function secondsOf(sights: readonly TimedIdSighting[]): number {
  return sights.at(-1)!.at - sights[0]!.at;
}

function watchDebt(sights: readonly TimedIdSighting[], nsPerPair: number): IdDebt {
  const { watches } = sights.at(-1)!;
  const none = { space: 'inotify', ...NO_RATE } as const;
  if (typeof watches === 'string') return { ...none, ids: null, secondsNow: 0, unknown: watches };
  const files = [...watches.values()];
  const ids = files.reduce((sum, { count }) => sum + count, 0);
  const secondsNow = (files.reduce((sum, { highest }) => sum + highest, 0) * nsPerPair) / 1e9;
  const known = { ids, secondsNow };
  if (files.length === 0) return { ...none, ...known, unknown: 'it has no inotify file' };
  const growth = growths(sights);
  const idsUsed = growth.reduce((sum, { grown }) => sum + grown, 0);
  if (idsUsed === 0) {
    const unknown = 'no new watch was seen: none was added, or each was gone before the next reading';
    return { ...none, ...known, unknown };
  }
  const seconds = secondsOf(sights);
  const idsPerDay = (idsUsed / seconds) * DAY;
  const days = growth.flatMap(({ highest, grown }) =>
    grown > 0 ? [(INT_MAX - highest) / ((grown / seconds) * DAY)] : [],
  );
  // biome-ignore format: what belongs together stands in a row
  return {
    space: 'inotify', ...known, idsUsed, idsPerDay, secondsPerDay: (idsPerDay * nsPerPair) / 1e9,
    daysToWrap: Math.min(...days), unknown: null,
  };
}

/** By how much the highest watch descriptor of each file has grown. */
function growths(sights: readonly TimedIdSighting[]): { highest: number; grown: number }[] {
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  for (const { watches } of sights) {
    if (typeof watches === 'string') continue;
    for (const [file, { highest }] of watches) {
      if (!first.has(file)) first.set(file, highest);
      last.set(file, Math.max(highest, last.get(file) ?? 0));
    }
  }
  return [...last].map(([file, highest]) => ({ highest, grown: highest - first.get(file)! }));
}

function numberDebt(sights: readonly TimedIdSighting[]): IdDebt {
  const [begin] = sights;
  const { tasks, pidMax } = sights.at(-1)!;
  const none = { space: 'pids', ...NO_RATE, secondsNow: 0 } as const;
  if (typeof tasks === 'string') return { ...none, ids: null, unknown: tasks };
  const before = new Set(typeof begin!.tasks === 'string' ? [] : begin!.tasks);
  const seen = new Set(sights.flatMap(({ tasks }) => (typeof tasks === 'string' ? [] : tasks)));
  const idsUsed = [...seen].filter((number) => !before.has(number)).length;
  const seconds = secondsOf(sights);
  if (seconds === 0) return { ...none, ids: tasks.length, unknown: 'it was read once' };
  const all = usedByAll(sights);
  const perDayOfAll = all === null ? 0 : (all / seconds) * DAY;
  // biome-ignore format: what belongs together stands in a row
  return {
    space: 'pids', ids: tasks.length, idsUsed, idsPerDay: (idsUsed / seconds) * DAY, secondsNow: 0, secondsPerDay: 0,
    daysToWrap: perDayOfAll > 0 ? (pidMax! - RESERVED) / perDayOfAll : null, unknown: null,
  };
}

/** Numbers that all processes of the namespace have used; null where the counter cannot be read. */
function usedByAll(sights: readonly TimedIdSighting[]): number | null {
  let used = 0;
  for (const [index, { lastPid, pidMax }] of sights.entries()) {
    const before = sights[index - 1]?.lastPid;
    if (lastPid === null || pidMax === null || before === null) return null;
    if (before === undefined) continue;
    used += lastPid >= before ? lastPid - before : pidMax - before + (lastPid - RESERVED); // once around
  }
  return used;
}
