// The same checkpoint on other kernels and by other CRIU versions.
import { type Checkpoint, type PlanOptions, planRestore, type RestorePlan } from '@idspace/restore-planner';

/** A kernel and a CRIU that a checkpoint may meet. */
export interface Pairing {
  kernel: string;
  criu: string;
}

/** One representative of every kind of kernel: restore call, next ID only, the proposals with dense IDs. */
const KERNELS = ['6.18', '6.1', 'dense', 'xarray'] as const;

/** One representative of every restorer: the prctl, the loop with the check of 2023, the loop of 2013. */
const CRIUS = ['4.2', '3.19', '3.18'] as const;

/** Plans a checkpoint for several pairings. */
export function planPairings(
  checkpoint: Checkpoint,
  pairings: readonly Pairing[],
  options: Omit<PlanOptions, 'kernel' | 'criu'> = {},
): RestorePlan[] {
  return pairings.map((pairing) => planRestore(checkpoint, { ...options, ...pairing }));
}

/** The pairings around one: its CRIU on the other kernels, then other CRIUs on its kernel. */
export function neighbours({ kernel, criu }: Pairing): Pairing[] {
  return [
    ...KERNELS.filter((other) => other !== kernel).map((other) => ({ kernel: other, criu })),
    ...CRIUS.filter((other) => other !== criu).map((other) => ({ kernel, criu: other })),
  ];
}

/** The pairings that tell the whole story once: why IDs became an ABI, what broke, and what repaired it. */
export const STORY: readonly Pairing[] = [
  { kernel: '6.18', criu: '4.2' },
  { kernel: '6.1', criu: '4.2' },
  { kernel: '6.18', criu: '3.18' },
  { kernel: 'dense', criu: '3.18' },
  { kernel: 'dense', criu: '3.19' },
  { kernel: 'dense', criu: '4.2' },
  { kernel: 'xarray', criu: '4.2' },
];
