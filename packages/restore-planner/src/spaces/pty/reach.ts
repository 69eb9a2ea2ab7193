// Which indices come within reach. A process opens its terminals in the order of its descriptors; several processes at the same time.
import { Devpts, indexSet, REACH } from './devpts.ts';
import type { PtyMaster } from './pty-master.ts';

/** What can become of one terminal. */
export interface Chance {
  master: PtyMaster;
  /** 'ok' and 'too-far' in every order of the processes, 'depends' in some; 'twice' if another of the checkpoint has the index. */
  chance: 'ok' | 'taken' | 'twice' | 'too-far' | 'depends';
  /** The highest that the lowest free index can be when its turn comes; unknown where what is taken is. */
  lowest: number | undefined;
}

/**
 * Tells of each terminal of one devpts whether it can be reached.
 *
 * @param masters In the order of their processes and descriptors.
 * @param taken Indices in use; undefined if not known. Then 'ok' is said of what some target lets through, and 'taken' and 'too-far' of what none does.
 * Cost: O(masters + taken).
 */
export function chances(masters: readonly PtyMaster[], taken: readonly number[] | undefined): Chance[] {
  const before = taken === undefined ? NONE : indexSet(taken);
  const isKnown = taken !== undefined;
  // The lowest free index only grows. It is at most what it is after all, and at most any own one that is to come; and at least what is left free
  // by those that the same process has opened by then.
  const first = new Devpts(before).lowestFree;
  const opened = new Map<string, { low: number; own: Set<number> }>();
  const last = isKnown ? lowestAfter(masters, before) : Number.POSITIVE_INFINITY;
  const toCome = lowestToCome(masters, before);
  const isAlone = new Set(masters.map(sequenceOf)).size === 1;
  const seen = new Set<number>();
  return masters.map((master, at) => {
    const { index } = master;
    const lowest = Math.min(last, toCome[at]!);
    if (before.has(index)) return { master, chance: 'taken', lowest };
    if (seen.has(index)) return { master, chance: 'twice', lowest: undefined };
    seen.add(index);
    if (index - lowest > REACH) return { master, chance: 'too-far', lowest: isKnown ? lowest : undefined };
    const sequence = sequenceOf(master);
    const so = opened.get(sequence) ?? { low: first, own: new Set() };
    opened.set(sequence, so);
    while (before.has(so.low) || so.own.has(so.low)) so.low++;
    so.own.add(index);
    const isOk = isAlone || !isKnown || index - so.low <= REACH;
    return { master, chance: isOk ? 'ok' : 'depends', lowest: isKnown ? so.low : undefined };
  });
}

const NONE: ReadonlySet<number> = new Set();

/** The lowest free index when all are open. */
function lowestAfter(masters: readonly PtyMaster[], before: ReadonlySet<number>): number {
  const own = new Set(masters.map(({ index }) => index));
  let low = 0;
  while (own.has(low) || before.has(low)) low++;
  return low;
}

/** What restores one after the other: a process; a slave without its master at any time. */
function sequenceOf({ pid, fileId, isOrphan }: PtyMaster): string {
  return isOrphan === true ? `slave ${fileId}` : String(pid);
}

/** For each terminal, the lowest index that its process has still to open, its own included. */
function lowestToCome(masters: readonly PtyMaster[], taken: ReadonlySet<number>): number[] {
  const lowest = new Map<string, number>();
  const found: number[] = new Array(masters.length);
  for (let at = masters.length - 1; at >= 0; at--) {
    const { index } = masters[at]!;
    const sequence = sequenceOf(masters[at]!);
    const after = lowest.get(sequence) ?? Number.POSITIVE_INFINITY;
    const least = taken.has(index) ? after : Math.min(after, index);
    lowest.set(sequence, least);
    found[at] = least;
  }
  return found;
}
