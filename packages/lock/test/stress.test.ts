// The short form of `pnpm stress lock`.
import { killsEndThreads } from '@idspace/testkit/crew';
import { expect, test } from 'vitest';
import { stress } from '../stress/stress.ts';

test('robust locks survive the killing of workers at random moments', async ({ skip }) => {
  if (!(await killsEndThreads())) skip();
  const { rounds, operations, kills, violations } = await stress({ seed: 6, until: ({ rounds }) => rounds >= 15 });
  console.log(`${rounds} rounds, ${operations} operations, ${kills} kills survived, ${violations.length} violations`);
  expect(violations).toEqual([]);
  expect(kills).toBeGreaterThan(5);
  expect(operations).toBeGreaterThan(50_000);
});
