// The tests of what threads leave that end amid a call: before each of its writes.
import { expect, test } from 'vitest';
import { BUDGET_SHARE, budget, withinBudget } from './budget.ts';
import { type MortalCases, playDeaths } from './deaths.ts';

export { type MortalCase, type MortalCases, type MortalOperation, mortalCase, OWNERS } from './deaths.ts';

/**
 * Defines a test for each case, by name.
 *
 * @param steps Calls of each case in the full budget.
 */
export function testDeaths(cases: MortalCases, steps: number): void {
  test.each(withinBudget(Object.entries(cases), { least: 2 }))('%s', (name, make) => {
    const played = BUDGET_SHARE < 1 ? budget(steps, 10) : steps;
    const { calls, deaths, burials } = playDeaths(make, { seed: name.length, steps: played });
    console.log(`${name}: ${calls} calls, ended before ${deaths} writes; their burials before ${burials}`);
    expect(deaths, 'ends amid a call').toBeGreaterThan(played / 4);
  });
}
