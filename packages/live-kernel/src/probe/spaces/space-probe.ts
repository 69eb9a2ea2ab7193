// What is known of how the running kernel hands out the IDs of a space.
import type { Cost } from '../cost.ts';

/** The ID spaces beside timers. */
export type ProbedSpace = 'pids' | 'inotify' | 'sysv' | 'pty' | 'aio';

/**
 * How IDs are handed out.
 * - `cyclic`: the next one, and after the highest the lowest free one
 * - `lowest`: the lowest free one
 * - `slot-sequence`: a slot in a circle, and a number that grows with each round
 * - `must-fit`: there is no ID, but the size must be as it was
 * - `other`: none of these
 */
export type SpacePolicy = 'cyclic' | 'lowest' | 'slot-sequence' | 'must-fit' | 'other';

/** One space. */
export interface SpaceProbe {
  readonly space: ProbedSpace;
  /** null where it cannot be found out; `unknown` says why. */
  readonly policy: SpacePolicy | null;
  /** What was seen, in words. */
  readonly seen: string | null;
  /** A given ID can be asked for here; null where there is no such call, or it is not known. */
  readonly canAsk: boolean | null;
  readonly costs: readonly Cost[];
  /** Why something is not known; null if nothing is missing. */
  readonly unknown: string | null;
}
