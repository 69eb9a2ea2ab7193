// Setup: which machine a session runs on.
import { HARDWARE_NAMES } from '@idspace/evaluation';
import { parseRelease } from '@idspace/posix-timers';

/** All that is chosen before the first call. Plain data: it goes into links. */
export interface Setup {
  /** As `Kernel` takes it: '6.14', '6.18', 'dense', 'xarray', 'restricted:5000' … */
  readonly release: string;
  /** Version of CRIU, 'x.y': what restores there use. The session itself makes no use of it. */
  readonly criu: string;
  /** Possible CPUs, 1…8192. */
  readonly cpus: number;
  /** One of `HARDWARE_NAMES` of evaluation: caches and times. */
  readonly hardware: string;
  /** Chooses addresses and random picks, u32. */
  readonly seed: number;
  /** Release of a second kernel that gets the same operations; '' for none. */
  readonly beside: string;
}

export const DEFAULT_SETUP: Setup = {
  release: '6.14',
  criu: '4.1',
  cpus: 1,
  hardware: HARDWARE_NAMES[0],
  seed: 1,
  beside: '',
};

/** Kernels to choose from: one of each kind. Their names are in kernel-names.ts. */
export const RELEASES: readonly string[] = [
  '3.9',
  '6.1',
  '6.14',
  '6.18',
  'dense',
  'xarray',
  'xarray-cyclic',
  'restricted:1000',
];

/** @throws RangeError naming the part, what it is and what is expected. */
export function checkSetup(setup: Setup): Setup {
  const refuse = (part: string, got: unknown, expected: string): never => {
    throw new RangeError(`${part} is ${JSON.stringify(got)}; expected ${expected}`);
  };
  for (const release of [setup.release, ...(setup.beside === '' ? [] : [setup.beside])]) parseRelease(release);
  if (!/^\d{1,2}\.\d{1,3}$/.test(setup.criu)) refuse('criu', setup.criu, "a version such as '4.2'");
  if (!isWithin(setup.cpus, 1, 8192)) refuse('cpus', setup.cpus, '1…8192');
  if (!HARDWARE_NAMES.includes(setup.hardware)) refuse('hardware', setup.hardware, HARDWARE_NAMES.join(' or '));
  if (!isWithin(setup.seed, 0, 0xffff_ffff)) refuse('seed', setup.seed, '0…2³²−1');
  return setup;
}

/** Whether a value is an integer from `low` to `high`. */
export function isWithin(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}
