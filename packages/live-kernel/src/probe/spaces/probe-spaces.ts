// How this machine's kernel hands out the IDs beside timers, measured in a child process.
import { runInChild } from '../../run-in-child.ts';
import type { measureSpaces } from './measure-spaces.ts';
import type { SpaceProbe } from './space-probe.ts';

/** The job's module: beside this file in the sources, two folders below in what is published. */
const MEASURE = {
  module: new URL(
    import.meta.url.endsWith('.ts') ? './measure-spaces.ts' : './probe/spaces/measure-spaces.js',
    import.meta.url,
  ).href,
  name: 'measureSpaces',
};

/**
 * Probes the spaces of PIDs, watch descriptors, SysV IDs, terminals and AIO rings, in namespaces of their own. Takes about a second.
 *
 * What cannot be found out here is null, with the reason in `unknown`.
 * @throws LiveKernelError (child-died) if the child process ends before.
 */
export function probeSpaces(onProgress?: (done: number) => void): Promise<SpaceProbe[]> {
  return runInChild<typeof measureSpaces>(MEASURE, undefined, onProgress === undefined ? {} : { onProgress });
}
