// How much room RLIMIT_SIGPENDING leaves each process for its timers.

import type { CheckpointProcess, PlanOptions } from '../../types.ts';
import { type ShareOutcome, sharedLimit } from './shared-limit.ts';

/** Where a process stands with RLIMIT_SIGPENDING. */
export interface Room {
  /** Its own limit: what may be charged to CRIU's user when it makes a timer; may be Infinity. */
  limit: number;
  /** Charged before. */
  base: number;
  /** Whether `base` is known, or taken to be 0. */
  isBaseKnown: boolean;
  /** Timers of all processes together. */
  all: number;
  /** Whether other processes make timers, too. */
  isShared: boolean;
  outcome: ShareOutcome;
}

/**
 * Works out the room of each process.
 *
 * @param makes Whether a process comes to make its timers.
 */
export function roomsOf(
  processes: readonly CheckpointProcess[],
  makes: readonly boolean[],
  { sigpending, sigq }: Pick<PlanOptions, 'sigpending' | 'sigq'>,
): Room[] {
  const base = sigq ?? 0;
  const shares = processes.map((process, index) => ({
    timers: makes[index] ? process.timers.length : 0,
    limit: Number(sigpending ?? limitOf(process)),
  }));
  const outcomes = sharedLimit(shares, base);
  const all = shares.reduce((sum, { timers }) => sum + timers, 0);
  return shares.map(({ limit, timers }, index) => ({
    ...{ limit, base, isBaseKnown: sigq !== undefined, all, isShared: timers < all, outcome: outcomes[index]! },
  }));
}

/** CRIU lowers a soft limit to a hard one below it. Source: criu/cr-restore.c (prepare_rlimits), v4.2. */
function limitOf({ rlimitSigpending, rlimitSigpendingMax }: CheckpointProcess): bigint | number {
  if (rlimitSigpending === null) return Number.POSITIVE_INFINITY;
  const isLowered = rlimitSigpendingMax !== undefined && rlimitSigpendingMax < rlimitSigpending;
  return isLowered ? rlimitSigpendingMax : rlimitSigpending;
}
