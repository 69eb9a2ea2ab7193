// The same checkpoint on other kernels and by other CRIU versions.
import { type Checkpoint, type PlanOptions, planRestore, type RestorePlan } from '@idspace/restore-planner';
import { isProposed } from '../format/kernel-name.ts';

/** A kernel and a CRIU that a checkpoint may meet. */
export interface Pairing {
  kernel: string;
  criu: string;
}

/** One representative of every kind of kernel: restore call, next ID only, the proposals with dense IDs. */
const KERNELS = ['6.18', '6.1', 'dense', 'xarray'] as const;

/** One representative of every restorer: the prctl, the loop with the check of 2023, the loop of 2013. */
const CRIUS = ['4.2', '4.1', '3.18'] as const;

/** Plans a checkpoint for several pairings. */
export function planPairings(
  checkpoint: Checkpoint,
  pairings: readonly Pairing[],
  options: Omit<PlanOptions, 'kernel' | 'criu'> = {},
): RestorePlan[] {
  return pairings.map((pairing) => planRestore(checkpoint, { ...options, ...pairing }));
}

/**
 * Finds released kernels and CRIUs that restore a checkpoint's timers, or may do so.
 *
 * @returns The newest pair; undefined if none of each kind does.
 */
export function pairThatRestoresTimers(
  checkpoint: Checkpoint,
  options: Omit<PlanOptions, 'kernel' | 'criu'>,
): Pairing | undefined {
  const kernels = KERNELS.filter((kernel) => !isProposed(kernel));
  const pairs = kernels.flatMap((kernel) => CRIUS.map((criu) => ({ kernel, criu })));
  return pairs.find((pair) => {
    const { outcome } = planRestore(checkpoint, { ...options, ...pair }).totals;
    return outcome === 'ok' || outcome === 'depends';
  });
}

/** The pairing that restores whatever comes: both sides know how to ask for an ID. */
export const TODAY: Pairing = { kernel: '6.18', criu: '4.2' };

/**
 * The pairings around one: today's, its CRIU on the other kernels, then other CRIUs on its kernel.
 *
 * @param released Whether to leave out kernels that were never released.
 */
export function neighbours(asked: Pairing, released = false): Pairing[] {
  const { kernel, criu } = asked;
  const kernels = KERNELS.filter((other) => !(released && isProposed(other)));
  const around = [
    TODAY,
    ...kernels.map((other) => ({ kernel: other, criu })),
    ...CRIUS.map((other) => ({ kernel, criu: other })),
  ];
  return around.filter((one, index) => !alike(one, asked) && around.findIndex((other) => alike(one, other)) === index);
}

/** Whether two pairings restore alike: what follows x.y never matters. */
function alike(a: Pairing, b: Pairing): boolean {
  return series(a.kernel) === series(b.kernel) && series(a.criu) === series(b.criu);
}

/** '6.18.44-fc' → '6.18'. */
export function series(version: string): string {
  return /^\d+\.\d+/.exec(version)?.[0] ?? version;
}

/** The pairings that tell the whole story once: why IDs became an ABI, what broke, and what repaired it. */
export const STORY: readonly Pairing[] = [
  { kernel: '6.18', criu: '4.2' },
  { kernel: '6.1', criu: '4.2' },
  { kernel: '6.12', criu: '3.18' },
  { kernel: 'dense', criu: '3.18' },
  { kernel: 'dense', criu: '4.1' },
  { kernel: 'dense', criu: '4.2' },
  { kernel: 'xarray', criu: '4.2' },
];
