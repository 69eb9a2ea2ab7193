// What most tests begin with.
import {
  type Itimerspec,
  Kernel,
  type KernelOptions,
  type Process,
  SIGEV_NONE,
  SIGEV_SIGNAL,
  type Sigevent,
} from '../src/index.ts';

/** Releases with a next-ID counter per process, one of each kind. */
export const NEXT_ID_RELEASES: readonly string[] = [
  '3.10',
  '4.19',
  '6.1',
  '6.6',
  '6.14',
  '6.15',
  '6.17',
  '6.18',
  '7.1',
  'xarray-cyclic',
  'restricted:1000000',
];
/** Releases that have restore mode. */
export const RESTORE_RELEASES: readonly string[] = ['6.15', '6.17', '6.18', 'xarray', 'xarray-cyclic'];
/** One release of each kind that counts IDs up. */
// biome-ignore format: what belongs together stands in a row
export const RELEASES: readonly string[] = [
  '2.6', '3.9', ...NEXT_ID_RELEASES,
  'dense', 'xarray', 'cursor-sysctl', 'create-at-id', 'sigev-bit',
];

export const NONE: Sigevent = { notify: SIGEV_NONE };
export const SIGNAL: Sigevent = { notify: SIGEV_SIGNAL, signo: 34 };
/** Late failures: the ID is taken by then. */
export const BAD_SIGEVENT: Sigevent = { notify: 80 };

export const PRCTL = 77;

/** Starts a kernel with one process. */
export function start(
  release: string,
  options: Omit<KernelOptions, 'release'> = {},
): { kernel: Kernel; main: Process } {
  const kernel = new Kernel({ release, ...options });
  return { kernel, main: kernel.spawn() };
}

/** Returns a setting from seconds. */
export function seconds(valueSec: number, intervalSec = 0): Itimerspec {
  return { valueSec, valueNsec: 0, intervalSec, intervalNsec: 0 };
}

/** Returns the IDs that a process's listing shows, in its order. */
export function listed(process: { procTimers(): string }): number[] {
  return Array.from(process.procTimers().matchAll(/^ID: (\d+)$/gm), ([, id]) => Number(id));
}
