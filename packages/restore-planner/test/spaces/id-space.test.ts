// The ID space of a kernel with a next ID: what an ID that was given back does to it.
import { expect, test } from 'vitest';
import { NextIdSpace } from '../../src/spaces/timers/id-space.ts';

test('an ID that was given back is free, and comes when the next ID has come round to it', () => {
  const space = new NextIdSpace(3);
  expect([space.take(), space.take(), space.take(), space.isFull]).toEqual([0, 1, 2, true]);
  space.free(1);
  expect([space.isFull, space.has(1), space.has(2), space.leadsTo(1), space.leadsTo(2)]).toEqual([
    ...[false, false, true],
    ...[true, false],
  ]);
  expect([space.take(), space.isFull]).toEqual([1, true]);
});
