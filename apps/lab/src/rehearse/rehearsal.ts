// What a rehearsal comes to.
import type { Difference, Outcome, ProcessPlan, Report } from '@idspace/restore-planner';
import type { SpaceRehearsal } from './ids/id-rehearsal.ts';

/**
 * What is looked at after the calls.
 * - `calls`: every call gave what the plan says, every ID the one planned
 * - `listing`: /proc/PID/timers shows the planned timers, newest first
 * - `settings`: the timers take their times, and read back as set
 * - `charges`: as many pending signals are charged to the user as there are timers
 * - `next-id`: one more timer gets the ID that the plan says comes next
 * - `clean-up`: afterwards nothing is left
 * - `sigevents`: the kernel takes the signals and kinds of notification that were replaced
 */
export type CheckName = 'calls' | 'listing' | 'settings' | 'charges' | 'next-id' | 'clean-up' | 'sigevents';

/** One thing looked at. */
export interface Check {
  check: CheckName;
  /** null where it could not be looked at; `text` says why. */
  ok: boolean | null;
  text: string;
}

/** Timers that were made differently from the checkpoint's, and how. */
export interface Substitution {
  ids: number[];
  text: string;
}

/** The rehearsal of one process's restore. */
export interface ProcessRehearsal {
  pid: number;
  timers: number;
  /** What the plan says becomes of it, and CRIU prints. */
  outcome: Outcome;
  error: string | null;
  ending: Report['ending'];
  creates: number;
  deletes: number;
  prctls: number;
  /** Calls of the whole plan. */
  ofCalls: number;
  /** The planned timers that came back under their IDs. */
  restored: number[];
  checks: Check[];
  substitutions: Substitution[];
  /** What the plan says and the rehearsal did not look at, in sentences: as long as there is any, the plan is not verified. */
  unverified: string[];
  differences: Difference[];
  seconds: number;
}

/** A rehearsal of a checkpoint's restore. */
export interface Rehearsal {
  /** 'model:R', or 'live'. */
  on: string;
  kernel: string;
  criu: string;
  /** Always: no container is restored. */
  restoresContainer: false;
  /** What the plan says becomes of the restore, as `idspace plan --json` has it. */
  outcome: Outcome;
  /** Everything was played, and went as planned: also where the plan says that the restore fails, and it did. */
  verified: boolean;
  /** The budget or Ctrl-C ended it; null if it came to its end. */
  stoppedBy: 'max-seconds' | 'interrupt' | null;
  maxSeconds: number;
  /** Those with timers, in the order of the checkpoint; those after a stop are left out. */
  processes: ProcessRehearsal[];
  /** The other IDs, by space and container: those that the checkpoint has and that were read. */
  spaces: SpaceRehearsal[];
}

/** Tells if a process is rehearsed: one with timers, or whose images CRIU refuses. */
export function isRehearsed({ timers, outcome }: Pick<ProcessPlan, 'timers' | 'outcome'>): boolean {
  return timers.length > 0 || outcome !== 'ok';
}

/** Tells if all went as planned, and all of the plan was looked at. */
export function isVerified(processes: readonly ProcessRehearsal[]): boolean {
  return processes.every(
    ({ ending, checks, unverified }) =>
      ending === 'as-planned' && unverified.length === 0 && checks.every(({ ok }) => ok !== false),
  );
}
