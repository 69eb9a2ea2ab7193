// RLIMIT_SIGPENDING where several processes make timers at the same time: all are charged to the user who runs CRIU, as credentials are restored later.
import { worstOutcome } from '../../outcome.ts';

/** What a process is going to make, and how far it may go. */
export interface Share {
  /** Timers. */
  timers: number;
  /** The limit under which it makes them: what may be charged to the user when it is done; may be Infinity. */
  limit: number;
}

/** What becomes of a process under the shared count, worst first. */
export type ShareOutcome = 'exceeds-limit' | 'depends' | 'ok';

/**
 * Tells whether processes that create timers at the same time stay below their limits, in whatever order their creates come.
 *
 * A create is refused if the count of all, that one included, is then above its process's limit.
 * - `ok`: none of its creates is refused in any order.
 * - `depends`: one may be refused, and there is an order in which none of any process is.
 * - `exceeds-limit`: one may be refused, and in every order one of some process is.
 *
 * @param base What is charged to the user before.
 * Cost: O(n log n) in the number of processes.
 */
export function sharedLimit(shares: readonly Share[], base: number): ShareOutcome[] {
  const groups = groupsOf(shares);
  const fails = isSurelyExceeded(groups, base);
  const refusable = refusableLimits(groups, base);
  return shares.map(({ timers, limit }) => {
    if (timers === 0 || !refusable.has(limit)) return 'ok';
    return fails ? 'exceeds-limit' : 'depends';
  });
}

/** The worst for any of them. */
export function sharedOutcome(shares: readonly Share[], base: number): ShareOutcome {
  return worstOutcome(sharedLimit(shares, base)) as ShareOutcome;
}

/** Timers by limit, limits ascending. */
function groupsOf(shares: readonly Share[]): Share[] {
  const timersBy = new Map<number, number>();
  for (const { limit, timers } of shares) {
    if (timers > 0) timersBy.set(limit, (timersBy.get(limit) ?? 0) + timers);
  }
  return [...timersBy].map(([limit, timers]) => ({ limit, timers })).sort((a, b) => a.limit - b.limit);
}

/** The best order lets those of the lowest limit go first. */
function isSurelyExceeded(groups: readonly Share[], base: number): boolean {
  let count = base;
  return groups.some(({ timers, limit }) => (count += timers) > limit);
}

/** The limits that the count can come up to, before a create under them: those below go first, as far as theirs let them, then all others. */
function refusableLimits(groups: readonly Share[], base: number): ReadonlySet<number> {
  const refusable = new Set<number>();
  let below = base;
  let rest = groups.reduce((sum, { timers }) => sum + timers, 0);
  for (const { timers, limit } of groups) {
    if (below + rest > limit) refusable.add(limit);
    below = Math.max(below, Math.min(below + timers, limit));
    rest -= timers;
  }
  return refusable;
}
