// What the sharing report counts, against accesses that one can count by hand.
import { expect, test } from 'vitest';
import { HARDWARE_NAMES, hardwareNamed } from '../src/hardware/presets.ts';
import { Sharing } from '../src/workloads/sharing.ts';
import { watchOne } from './watch-one.ts';

const LINE = 64;

test.each(HARDWARE_NAMES)(
  '%s: a line that moves is one brought over from another core, or taken for writing',
  (name) => {
    const sharing = new Sharing(hardwareNamed(name), 2);
    const step = (core: number, address: number, isWrite: boolean): number => {
      sharing.reset();
      watchOne(sharing, core, address, 4, isWrite);
      return sharing.counts(1).moved;
    };
    expect(step(0, 0, false)).toBe(0); // from memory
    expect(step(1, 0, false)).toBe(0); // a second reader of what no core wrote
    expect(step(0, 0, true)).toBe(1); // an upgrade: both have it, and one writes
    expect(step(0, 4, true)).toBe(0); // it is its own now
    expect(step(1, 0, false)).toBe(1); // a transfer
    expect(step(1, 0, true)).toBe(1); // an upgrade again
    expect(step(0, LINE, true)).toBe(0); // a line of its own
  },
);

test('counts are spread over the events', () => {
  const sharing = new Sharing(hardwareNamed(HARDWARE_NAMES[0]!), 2);
  for (let round = 0; round < 10; round++) {
    watchOne(sharing, 0, 0, 4, true);
    watchOne(sharing, 1, 0, 4, true);
  }
  expect(sharing.counts(20).moved).toBe(sharing.counts(1).moved / 20);
  expect(sharing.counts(1).moved).toBe(19);
});
