// What a table's memory is in the kernel's layout.
import type { DesignName, TimerTable } from '@idspace/posix-timers';
import { XArray } from '@idspace/xarray';
import { fixedBytes, NODE_BYTES, timerStructOf } from '../layouts/design-layout.ts';
import { GENERATIONAL_SLOT } from '../layouts/sizes.ts';
import { TimerLayout } from '../layouts/timer-layout.ts';
import type { Memory } from './evaluation.ts';

/** Returns the memory of a table that holds `timers` timers. */
export function memoryOf(table: TimerTable, design: DesignName, cpus: number, timers: number): Memory {
  return {
    timer: TimerLayout.bytesPerTimer(timerStructOf(design)),
    table: growingBytes(table) / timers,
    fixed: fixedBytes(design, cpus),
  };
}

/** Returns the bytes per timer of it all. */
export function bytesPerTimer({ timer, table, fixed }: Memory, timers: number): number {
  return timer + table + fixed / timers;
}

/** Bytes of a table that grow with its timers: nodes by their share of a slab, slots and their bitmaps. */
export function growingBytes(table: TimerTable): number {
  let bytes = 0;
  for (const [name, part] of Object.entries(table.parts())) {
    if (part instanceof XArray) bytes += part.nodeCount * NODE_BYTES;
    if (name.startsWith('slots/')) bytes += (part as { length: number }).length * GENERATIONAL_SLOT.stride;
    if (name.startsWith('pool/')) bytes += (part as { byteLength: number }).byteLength;
  }
  return bytes;
}
