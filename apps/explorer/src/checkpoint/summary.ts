// What is shown of a checkpoint and of its plan: plain data of bounded size, whatever the checkpoint's.
import {
  decisiveReason,
  type Outcome,
  type PlanWarning,
  type ProcessPlan,
  type Reason,
  type RestorePlan,
  type SpaceName,
  type SpaceSummary,
} from '@idspace/restore-planner/plan';
import type { Checkpoint, Container } from '@idspace/restore-planner/read';

const MOST_PROCESSES = 200;
const MOST_REASONS = 100;
const MOST_WARNINGS = 100;
const MOST_IDS = 6; // of one process or warning, named one by one

/** A checkpoint, as it was read. */
export interface CheckpointSummary extends Pick<Checkpoint, 'source' | 'format' | 'kernelRelease' | 'criuVersion'> {
  readonly isComplete: boolean;
  readonly containers: readonly Container[];
  readonly processes: number;
  readonly timers: number;
}

/** IDs of which the first are named. */
export interface SomeIds {
  readonly count: number;
  readonly first: readonly number[];
  readonly last: number | undefined;
}

/** A process that has timers, or that fails. */
export interface ProcessRow
  extends Pick<
    ProcessPlan,
    | 'pid'
    | 'container'
    | 'strategy'
    | 'outcome'
    | 'creates'
    | 'deletes'
    | 'prctls'
    | 'peakTimers'
    | 'nextId'
    | 'seconds'
    | 'error'
  > {
  readonly ids: SomeIds;
}

/** A warning, and the processes of which it says the same. */
export interface WarningRow extends Pick<PlanWarning, 'code' | 'text'> {
  readonly pids: SomeIds;
  readonly ids: SomeIds;
}

/** What is left out of a list. */
export interface Listed<Item> {
  readonly shown: readonly Item[];
  readonly more: number;
}

/** A plan, as it is shown. */
export interface PlanSummary extends Pick<RestorePlan, 'kernel' | 'criu' | 'outcome' | 'nsPerPair' | 'nsPerRestore'> {
  /** Whether more than kernel and CRIU is known of the machine. */
  readonly hasTarget: boolean;
  /** What decides the outcome; undefined if that is ok. */
  readonly decisive: Reason | undefined;
  readonly reasons: Listed<Reason>;
  readonly spaces: readonly SpaceSummary[];
  /** Spaces whose images were not in the checkpoint: their outcome is of nothing. */
  readonly unread: readonly SpaceName[];
  readonly cost: Cost;
  readonly processes: Listed<ProcessRow>;
  readonly warnings: Listed<WarningRow>;
  /** Sums over the timers of all processes. */
  readonly totals: RestorePlan['totals'];
}

/** Sums over all spaces. */
export type Cost = Pick<SpaceSummary, 'asks' | 'creates' | 'deletes' | 'seconds' | 'atMost'>;

/** A cell of the matrix. */
export interface MatrixCell extends Pick<RestorePlan, 'criu' | 'kernel' | 'outcome'> {
  /** Of the timers, s. */
  readonly seconds: number;
  /** The ID space that decides the outcome; null if it is ok. */
  readonly space: SpaceName | null;
  /** Why it is not ok, in a sentence; null if it is. */
  readonly why: string | null;
}

export function summarizeCheckpoint(checkpoint: Checkpoint): CheckpointSummary {
  const { source, format, complete = true, kernelRelease, criuVersion, containers = [], processes } = checkpoint;
  return {
    source,
    format,
    isComplete: complete,
    ...(kernelRelease !== undefined && { kernelRelease }),
    ...(criuVersion !== undefined && { criuVersion }),
    containers,
    processes: processes.length,
    timers: processes.reduce((sum, { timers }) => sum + timers.length, 0),
  };
}

export function summarizePlan(plan: RestorePlan, hasTarget: boolean): PlanSummary {
  const { kernel, criu, outcome, nsPerPair, nsPerRestore, reasons, spaces, processes, totals } = plan;
  const telling = processes.filter(({ timers, outcome }) => timers.length > 0 || outcome !== 'ok');
  return {
    kernel, criu, outcome, nsPerPair, nsPerRestore, hasTarget, spaces, totals,
    decisive: decisiveReason(plan),
    reasons: listed(reasons, MOST_REASONS),
    unread: [...new Set(reasons.filter(({ code }) => code === 'not-read').map(({ space }) => space))],
    cost: costOf(spaces),
    processes: listed(byWeight(telling).map(rowOf), MOST_PROCESSES),
    warnings: listed(warningsOf(processes), MOST_WARNINGS),
  }; // biome-ignore format: what belongs together stands in a row
}

export function summarizeCell(plan: RestorePlan): MatrixCell {
  const { criu, kernel, outcome, totals } = plan;
  const decisive = decisiveReason(plan);
  return {
    criu,
    kernel,
    outcome,
    seconds: totals.seconds,
    space: decisive?.space ?? null,
    why: decisive?.text ?? null,
  };
}

/** The spaces that merely depend on a machine of which nothing is known; the verdict leaves them open. */
export function openSpaces({ spaces, unread, hasTarget }: PlanSummary): SpaceName[] {
  if (hasTarget) return [];
  return spaces
    .filter(({ space, outcome }) => outcome === 'depends' && space !== 'timers' && !unread.includes(space))
    .map(({ space }) => space);
}

function costOf(spaces: readonly SpaceSummary[]): Cost {
  const sum = (of: (space: SpaceSummary) => number): number => spaces.reduce((so, space) => so + of(space), 0);
  return {
    asks: sum(({ asks }) => asks),
    creates: sum(({ creates }) => creates),
    deletes: sum(({ deletes }) => deletes),
    seconds: sum(({ seconds }) => seconds),
    ...(spaces.some(({ atMost }) => atMost) && { atMost: true as const }),
  };
}

/** Those that do not restore come first, then those that take longest. */
function byWeight(processes: readonly ProcessPlan[]): ProcessPlan[] {
  const weight = ({ outcome }: { outcome: Outcome }): number => (outcome === 'ok' ? 0 : 1);
  return [...processes].sort((a, b) => weight(b) - weight(a) || b.seconds - a.seconds);
}

function rowOf(process: ProcessPlan): ProcessRow {
  const { pid, container, strategy, outcome, creates, deletes, prctls, peakTimers, nextId, seconds, error } = process;
  const named = container === undefined ? {} : { container };
  const ids = someIds(process.timers.map(({ id }) => id));
  return { pid, ...named, strategy, outcome, creates, deletes, prctls, peakTimers, nextId, seconds, error, ids };
}

/** Says once what is the same of several processes. */
function warningsOf(processes: readonly ProcessPlan[]): WarningRow[] {
  const shared = new Map<string, { warning: PlanWarning; pids: number[] }>();
  for (const { pid, warnings } of processes) {
    for (const warning of warnings) {
      const key = `${warning.code} ${warning.ids.length} ${warning.ids[0]} ${warning.text}`;
      const known = shared.get(key);
      if (known === undefined) shared.set(key, { warning, pids: [pid] });
      else known.pids.push(pid);
    }
  }
  return [...shared.values()].map(({ warning: { code, text, ids }, pids }) => {
    return { code, text, ids: someIds(ids), pids: someIds(pids) };
  });
}

function someIds(ids: readonly number[]): SomeIds {
  return { count: ids.length, first: ids.slice(0, MOST_IDS), last: ids.at(-1) };
}

function listed<Item>(items: readonly Item[], most: number): Listed<Item> {
  return { shown: items.slice(0, most), more: Math.max(items.length - most, 0) };
}
