// Single calls on a model of the kernel.
import { Kernel, type Process, SIGEV_NONE } from '@idspace/posix-timers';

/** Timers that carry no signal, as restores make them by the million. */
export const PLAIN: { notify: number } = { notify: SIGEV_NONE };

/** Starts a process on a fresh kernel. */
export function processOn(release: string): Process {
  return new Kernel({ release }).spawn();
}
