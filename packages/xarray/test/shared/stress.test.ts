// The short form of `pnpm stress`.
import { killsEndThreads } from '@idspace/testkit/crew';
import { expect, test } from 'vitest';
import { stress } from '../../stress/stress.ts';

test('threads, some of them killed: every history is explained, every node sound', async ({ skip }) => {
  if (!(await killsEndThreads())) skip();
  const counts = await stress({ seed: 61, until: ({ rounds, kills }) => rounds >= 12 && kills >= 4 });
  expect(counts.violations).toEqual([]);
  expect(counts.histories).toBeGreaterThan(100);
});
