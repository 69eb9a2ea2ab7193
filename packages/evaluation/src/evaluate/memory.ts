// What a table's memory is in the kernel's layout.
import type { DesignName, TimerTable } from '@idspace/posix-timers';
import { bucketsOf, KERNEL_LAYOUTS, partOf } from '../layouts/kernel-layouts.ts';
import { TimerLayout } from '../layouts/timer-layout.ts';
import type { Memory } from './evaluation.ts';

/** Returns the memory of a table that holds `timers` timers. */
export function memoryOf(table: TimerTable, design: DesignName, cpus: number, timers: number): Memory {
  const { struct, fixedBytes } = KERNEL_LAYOUTS[design];
  return {
    timer: TimerLayout.bytesPerTimer(struct),
    table: growingBytes(table, design) / timers,
    fixed: fixedBytes(bucketsOf(design, cpus)),
  };
}

/** Returns the bytes per timer of it all. */
export function bytesPerTimer({ timer, table, fixed }: Memory, timers: number): number {
  return timer + table + fixed / timers;
}

/** Bytes of a table that grow with its timers: nodes by their share of a slab, slots and their bitmaps. */
export function growingBytes(table: TimerTable, design: DesignName): number {
  let bytes = 0;
  for (const [name, object] of Object.entries(table.parts())) {
    bytes += partOf(design, name).part.bytes?.(object) ?? 0;
  }
  return bytes;
}
