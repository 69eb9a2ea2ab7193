// The processes of a workload, at addresses as a kernel has them.
import type { TimerTable } from '@idspace/posix-timers';
import type { Owner } from '../layouts/reference-sink.ts';
import { SIGNAL_STRUCT } from '../layouts/sizes.ts';
import { randomBelow } from './random.ts';

/** Upper half of the addresses: the direct map of x86-64, 4 GiB to 8 GiB of memory. */
export const ADDRESS_HI = 0xffff_8881;

/**
 * Adds processes to a table; their signal_structs fill slabs that lie anywhere in 4 GiB.
 *
 * @returns Their handles.
 */
export function addProcesses(table: TimerTable, processes: number, seed: number): number[] {
  return processAddresses(processes, seed).map((low) => table.addProcess(low, ADDRESS_HI));
}

/** As `addProcesses`, with their addresses. */
export function addOwners(table: TimerTable, processes: number, seed: number): Owner[] {
  const addresses = processAddresses(processes, seed);
  return addProcesses(table, processes, seed).map((handle, i) => ({ handle, low: addresses[i], high: ADDRESS_HI }));
}

/** Returns the low words of the processes' addresses. */
export function processAddresses(processes: number, seed: number): number[] {
  const below = randomBelow(seed);
  const { stride, perSlab, slabBytes } = SIGNAL_STRUCT;
  const addresses: number[] = [];
  let slab = 0;
  for (let i = 0; i < processes; i++) {
    if (i % perSlab === 0) slab = below(2 ** 32 / slabBytes) * slabBytes;
    addresses.push(slab + (i % perSlab) * stride);
  }
  return addresses;
}
