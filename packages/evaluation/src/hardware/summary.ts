// What is printed of a machine beside results.
import type { HardwareSummary } from '../evaluate/evaluation.ts';
import type { Hardware } from './hardware.ts';

/** Sums a machine up. @param running Threads that run at the same time. */
export function hardwareSummary(
  { name, title, levels, parameters }: Hardware,
  cpus: number,
  running: number,
): HardwareSummary {
  const { readNs, ...others } = parameters;
  const reads = readNs.map((read, i) => [`read from ${levels[i]?.name ?? 'memory'}`, read] as const);
  const named = {
    ...Object.fromEntries(reads),
    write: others.writeNs,
    atomic: others.atomicNs,
    'line from another core': others.transferNs,
    'lock handed over': others.handoverNs,
    'system call': others.syscallNs,
    'rest of create': others.createNs,
    'rest of lookup': others.lookupNs,
    'rest of delete': others.deleteNs,
  };
  return { name, title, cpus, running, levels: levels.map((level) => ({ ...level })), parameters: named };
}
