// One checkpoint on many kernels by many restorers: which of them restore its timers, and at what cost.
import { SHARED_KEYS } from './check-input.ts';
import { checkKeys } from './check-keys.ts';
import type { Outcome } from './outcome.ts';
import { NS_PER_PAIR, NS_PER_RESTORE, planRestore } from './plan-restore.ts';
import { refuse } from './refusal.ts';
import type { SpaceName } from './spaces/space-name.ts';
import { decisiveSpace } from './spaces/verdict.ts';
import type { CallCounts, Checkpoint, PlanOptions, RestorePlan, Strategy } from './types.ts';

/** One of each kind of restorer: the loop of 2013, the check of 2023, prctl, and the kernel's best mechanism. */
export const MATRIX_CRIUS: readonly string[] = ['3.18', '4.1', '4.2', 'native'];

/** One of each kind of kernel, releases and proposed designs. */
// biome-ignore format: what belongs together stands in a row
export const MATRIX_KERNELS: readonly string[] = [
  '3.9', '6.1', '6.18', 'dense', 'xarray', 'xarray-cyclic', 'restricted:65536', 'reversed',
  'cursor-sysctl', 'create-at-id', 'sigev-bit',
];

/** How the matrix should be made. */
export interface MatrixOptions extends Omit<PlanOptions, 'kernel' | 'criu'> {
  /** Restorers, as for {@link PlanOptions.criu}. Default {@link MATRIX_CRIUS}. */
  criu?: readonly string[] | undefined;
  /** Kernels, as for {@link PlanOptions.kernel}. Default {@link MATRIX_KERNELS}. */
  kernels?: readonly string[] | undefined;
}

/** One restorer on one kernel; counts are sums over all processes. */
export interface MatrixRow extends CallCounts {
  criu: string;
  kernel: string;
  /** As {@link RestorePlan.outcome}. */
  outcome: Outcome;
  /** The ID space that decides it; null if it is ok. */
  space: SpaceName | null;
  /**
   * What is printed then, for the first process or reason with that outcome: every line, joined by \n; null if nothing is, as where it hangs, or where this
   * CRIU does not start on this kernel.
   */
  error: string | null;
  /** Name of the error number of the refused system call in that process; null if none was refused. */
  errno: string | null;
  /** For `exceeds-limit`: which create of that process is the one past RLIMIT_SIGPENDING, counted from 1; null otherwise, and where several processes have timers, whose creates come in no fixed order. */
  refusedCreate: number | null;
  /** Of the first process that has timers. */
  strategy: Strategy;
  /** Most timers of one process alive at the same time. */
  peakTimers: number;
  /** As {@link ProcessPlan.seconds}; for `hangs` up to the first repeated state. */
  seconds: number;
}

/** All rows: kernels in the order asked for, and for each kernel the restorers. */
export interface PlanMatrix {
  nsPerPair: number;
  nsPerRestore: number;
  rows: MatrixRow[];
}

/**
 * Plans a checkpoint for every pair of restorer and kernel.
 *
 * @throws RangeError as {@link planRestore}; for a list that is none, or is empty.
 * Cost: that of one plan for each pair.
 */
export function planMatrix(checkpoint: Checkpoint, options: MatrixOptions = {}): PlanMatrix {
  checkKeys(options, ['criu', 'kernels', ...SHARED_KEYS]);
  const { criu: crius = MATRIX_CRIUS, kernels = MATRIX_KERNELS, ...rest } = options;
  checkList('criu', crius);
  checkList('kernels', kernels);
  const { nsPerPair = NS_PER_PAIR, nsPerRestore = NS_PER_RESTORE } = rest;
  const rowFor = (kernel: string, criu: string): MatrixRow => rowOf(planRestore(checkpoint, { ...rest, kernel, criu }));
  return { nsPerPair, nsPerRestore, rows: kernels.flatMap((kernel) => crius.map((criu) => rowFor(kernel, criu))) };
}

function rowOf(plan: RestorePlan): MatrixRow {
  const { criu, kernel, outcome, processes, totals, reasons } = plan;
  const space = decisiveSpace(plan);
  const failing = space === 'timers' ? processes.find((process) => process.outcome === outcome) : undefined;
  const words = space === 'timers' ? failing?.error : reasons.find((reason) => reason.space === space)?.words;
  const isAlone = processes.filter(({ timers }) => timers.length > 0).length === 1;
  return {
    criu,
    kernel,
    outcome,
    space,
    creates: totals.creates,
    deletes: totals.deletes,
    prctls: totals.prctls,
    error: words ?? null,
    errno: failing?.errno ?? null,
    refusedCreate: failing?.outcome === 'exceeds-limit' && isAlone ? failing.creates : null,
    strategy: processes.find(({ strategy }) => strategy !== 'none')?.strategy ?? 'none',
    peakTimers: processes.reduce((peak, { peakTimers }) => Math.max(peak, peakTimers), 0),
    seconds: totals.seconds,
  };
}

function checkList(name: string, list: readonly string[]): void {
  if (Array.isArray(list) && list.length > 0) return;
  refuse(name, list, 'a list of one or more strings');
}
