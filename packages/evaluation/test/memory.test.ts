// The memory of a table that grows with its timers, against the formula of what each process has.
import { createTimerTable, type DesignName, type TimerTable } from '@idspace/posix-timers';
import { expect, test } from 'vitest';
import { bytesPerTimer, growingBytes, memoryOf } from '../src/evaluate/memory.ts';

/** A table with timers of several processes. */
function tableWith(design: DesignName, timers: readonly number[]): TimerTable {
  const table = createTimerTable(design);
  timers.forEach((count, index) => {
    const process = table.addProcess(index, 0);
    for (let n = 0; n < count; n++) {
      const timer = table.timers.allocate();
      expect(table.add(process, timer)).toBeGreaterThanOrEqual(0);
      table.publish(process, timer);
    }
  });
  return table;
}

/** Doubles from `least` until there is room. */
const room = (count: number, least: number): number => (count <= least ? least : room(count, least * 2));

/** A bitmap with a bit for each slot, and a level above with a bit for each word, up to one word. */
function bitmapBytes(slots: number): number {
  const words = room(Math.ceil(slots / 32), 1);
  return words * 4 + (words > 1 ? bitmapBytes(words) : 0);
}

/** Nodes of 64 slots, seven to a page, for IDs 0 … count - 1. */
function nodes(count: number): number {
  const level = Math.ceil(count / 64);
  return count <= 1 ? 0 : level + (level > 1 ? nodes(level) : 0);
}

test.each([[[1]], [[32]], [[33]], [[64, 65]], [[2_000, 1, 300]]])('processes of %j timers', (timers) => {
  const sum = (bytes: (count: number) => number): number => timers.reduce((all, count) => all + bytes(count), 0);
  const slots = sum((count) => room(count, 64) * 16);
  const generational = tableWith('generational', timers);
  expect(growingBytes(generational, 'generational')).toBe(slots + sum(bitmapBytes));
  expect(growingBytes(tableWith('xarray', timers), 'xarray')).toBeCloseTo((sum(nodes) * 4096) / 7, 6);
  expect(growingBytes(tableWith('hash-512', timers), 'hash-512')).toBe(0);

  const total = sum((count) => count);
  const memory = memoryOf(generational, 'generational', 1, total);
  expect(memory.table).toBe((slots + sum(bitmapBytes)) / total);
  expect(bytesPerTimer(memory, total)).toBeCloseTo(memory.timer + memory.table, 9);
});
