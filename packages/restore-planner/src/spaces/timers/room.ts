// How much room RLIMIT_SIGPENDING leaves each process for its timers.

import type { CheckpointProcess, PlanOptions } from '../../types.ts';
import { type ShareOutcome, sharedLimit } from './shared-limit.ts';

/** Where a process stands with RLIMIT_SIGPENDING. */
export interface Room {
  /** The limit under which it makes its timers: what may be charged to CRIU's user then; may be Infinity. */
  limit: number;
  /** Whether that is CRIU's own limit, which CRIU may not raise. */
  isOfCriu: boolean;
  /** Charged before. */
  base: number;
  /** Whether `base` is known, or taken to be 0. */
  isBaseKnown: boolean;
  /**
   * Timers that it may have alive before a create is refused. Where in any order one of some process is: if the processes come one after the other, in the
   * order of the checkpoint.
   */
  left: number;
  /** Timers of all processes together, and how many processes make some. */
  all: number;
  makers: number;
  /** Whether all of them have the same limit. */
  isOneLimit: boolean;
  outcome: ShareOutcome;
}

/** What room depends on beside the checkpoint. */
export interface RoomOptions extends Pick<PlanOptions, 'sigpending' | 'sigq'> {
  /** RLIMIT_SIGPENDING of a CRIU that may not raise limits. */
  ofCriu?: number | undefined;
}

/** What of the options for a plan room depends on: what is stated wins over what is known of the target. */
export function roomOptions({
  sigpending,
  sigq,
  target,
}: Pick<PlanOptions, 'sigpending' | 'sigq' | 'target'>): RoomOptions {
  const base = sigq ?? target?.sigqOfCriuUser;
  return {
    ...(sigpending !== undefined && { sigpending }),
    ...(base !== undefined && { sigq: base }),
    ...(target?.criuRlimitSigpending !== undefined && { ofCriu: target.criuRlimitSigpending }),
  };
}

/**
 * Works out the room of each process.
 *
 * @param makes Whether a process comes to make its timers.
 */
export function roomsOf(
  processes: readonly CheckpointProcess[],
  makes: readonly boolean[],
  { sigpending, sigq, ofCriu = Number.POSITIVE_INFINITY }: RoomOptions,
): Room[] {
  const base = sigq ?? 0;
  const shares = processes.map((process, index) => ({
    timers: makes[index] ? process.timers.length : 0,
    limit: Number(sigpending ?? Math.min(limitOf(process), ofCriu)),
    isOfCriu: sigpending === undefined && ofCriu < limitOf(process),
  }));
  const outcomes = sharedLimit(shares, base);
  const making = shares.filter(({ timers }) => timers > 0);
  const all = making.reduce((sum, { timers }) => sum + timers, 0);
  const isOneLimit = making.every(({ limit }) => limit === making[0]!.limit);
  const inTurn = leftInTurn(shares, base);
  return shares.map(({ limit, isOfCriu }, index) => {
    const left = outcomes[index] === 'exceeds-limit' ? inTurn[index]! : limit - base;
    const makers = making.length;
    return {
      limit,
      isOfCriu,
      base,
      isBaseKnown: sigq !== undefined,
      left,
      all,
      makers,
      isOneLimit,
      outcome: outcomes[index]!,
    };
  });
}

/** The limit of a process in its images, Infinity if they hold none. CRIU lowers a soft limit to a hard one below it. Source: criu/cr-restore.c (prepare_rlimits), v4.2. */
export function limitOf({ rlimitSigpending, rlimitSigpendingMax }: CheckpointProcess): number {
  if (rlimitSigpending === null) return Number.POSITIVE_INFINITY;
  const isLowered = rlimitSigpendingMax !== undefined && rlimitSigpendingMax < rlimitSigpending;
  return Number(isLowered ? rlimitSigpendingMax : rlimitSigpending);
}

/** Lets the processes go one after the other; one that is refused a create ends, and what it had is charged no more. */
function leftInTurn(shares: readonly { timers: number; limit: number }[], base: number): number[] {
  let charged = base;
  return shares.map(({ timers, limit }) => {
    const left = Math.max(0, limit - charged);
    if (timers <= left) charged += timers;
    return left;
  });
}
