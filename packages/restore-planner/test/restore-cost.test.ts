// What all ID spaces of a plan cost together.
import { restoreCost, restoreSeconds } from '@idspace/restore-planner';
import { expect, test } from 'vitest';

type Spaces = Parameters<typeof restoreCost>[0]['spaces'];

const timers = { asks: 1, creates: 20, deletes: 300, seconds: 0.5 };
const pids = { asks: 4, creates: 50, deletes: 600, seconds: 0.25 };
const plan = (...spaces: object[]): { spaces: Spaces } => ({ spaces: spaces as never });

test('calls and seconds are added up; they are bounds if those of one space are', () => {
  expect(restoreCost(plan())).toEqual({ asks: 0, creates: 0, deletes: 0, seconds: 0 });
  const sum = { asks: 5, creates: 70, deletes: 900, seconds: 0.75 };
  expect(restoreCost(plan(timers, pids))).toEqual(sum);
  expect(restoreCost(plan(timers, { ...pids, atMost: true }))).toEqual({ ...sum, atMost: true });
  expect(restoreSeconds(plan(timers, pids))).toBe(0.75);
});
