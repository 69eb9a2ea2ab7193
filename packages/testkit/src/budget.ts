// How much the tests play: one number in the environment scales every count of seeds, steps, schedules and grid cells.
import { tellLeftOut } from './left-out.ts';
import { random } from './random.ts';

/** What share of the full budget is played, by the names that the environment may use. */
const SHARES: Readonly<Record<string, number>> = { quick: 0.05, full: 1 };

/**
 * Reads a budget: `quick` (also for none at all), `full`, or a factor of the full one, such as `0.5` or `10`.
 *
 * @throws RangeError if it is something else.
 */
export function budgetShare(text = 'quick'): number {
  const share = SHARES[text] ?? (/^\d+(\.\d+)?$/.test(text) ? Number(text) : 0);
  if (share > 0) return share;
  throw new RangeError(`IDSPACE_TEST_BUDGET: got '${text}', expected quick, full or a factor above 0`);
}

/** The share of the full budget that this run plays, as `IDSPACE_TEST_BUDGET` says: 0.05 without it. */
export const BUDGET_SHARE: number = budgetShare(process.env.IDSPACE_TEST_BUDGET || undefined);

/**
 * Scales a count of seeds, steps or rounds to the budget.
 *
 * @param full The count in the full budget, 1….
 * @param least What the test needs to prove anything; at most `full` is played for its sake. Default 1.
 * @returns A whole number, 1…
 */
export function budget(full: number, least = 1): number {
  return Math.max(Math.round(full * BUDGET_SHARE), Math.min(least, full));
}

/**
 * Scales a size to the budget as `budget` does, and to no more than the full one: what is larger may be past a limit.
 *
 * @param least What the test needs to prove anything. Default 1.
 * @returns A whole number, 1…full.
 */
export function sizeWithinBudget(full: number, least = 1): number {
  return Math.min(budget(full, least), full);
}

/**
 * Draws as many items of a grid as the budget allows: all of them in the full one, otherwise some by the seed, in their order.
 * How many are left out is said at the end of the run.
 *
 * @param least Items that are drawn at least, if there are so many. Default 1.
 */
export function withinBudget<T>(
  items: readonly T[],
  { least = 1, seed = 1 }: { least?: number; seed?: number } = {},
): T[] {
  const count = Math.min(budget(items.length, least), items.length);
  const places = random(seed).shuffle(items.map((_, place) => place));
  const drawn = new Set(places.slice(0, count));
  tellLeftOut(items.length - count);
  return items.filter((_, place) => drawn.has(place));
}

/**
 * Pairs the items of two lists: each with each in the full budget, otherwise so that every item of both comes at least once.
 *
 * @returns As many pairs as the longer list has items, or all of them.
 */
export function pairsWithinBudget<A, B>(some: readonly A[], others: readonly B[]): [A, B][] {
  if (BUDGET_SHARE >= 1) return some.flatMap((one) => others.map((other): [A, B] => [one, other]));
  const length = Math.max(some.length, others.length);
  tellLeftOut(some.length * others.length - length);
  return Array.from({ length }, (_, i): [A, B] => [some[i % some.length]!, others[i % others.length]!]);
}
