// What a rehearsal comes to.
import type {
  ExecuteProgress,
  Outcome,
  ProcessPlan,
  RehearsalCheck,
  RehearsalCheckName,
  Rehearsed,
} from '@idspace/restore-planner';
import type { SpaceRehearsal } from './ids/id-rehearsal.ts';

/** Beside what the planner looks at, `sigevents`: the kernel takes the signals and kinds of notification that were replaced. */
export type CheckName = RehearsalCheckName | 'sigevents';
export type Check = RehearsalCheck<CheckName>;

/** What stops a rehearsal, and hears how far it has come. */
export interface RunOptions {
  signal: AbortSignal;
  onProgress: (progress: ExecuteProgress) => void;
}

/** Timers that were made differently from the checkpoint's, and how. */
export interface Substitution {
  ids: number[];
  text: string;
}

/** The rehearsal of one process's restore. */
export interface ProcessRehearsal extends Omit<Rehearsed['rehearsal'], 'checks'> {
  checks: Check[];
  substitutions: Substitution[];
}

/** A process as it is told of. */
export function toldOf({
  checks,
  unverified,
  differences,
  seconds,
  ...rest
}: Rehearsed['rehearsal']): ProcessRehearsal {
  return { ...rest, checks: checks as Check[], substitutions: [], unverified, differences, seconds };
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
