// The tests of a package's models, over as many calls as the budget allows; `pnpm model` plays many more.
import { describe, test } from 'vitest';
import { budget, withinBudget } from './budget.ts';
import { type Models, playCase } from './models.ts';

/**
 * Defines a test for each case of each class; a small budget draws some cases.
 *
 * @param full Calls of each case in the full budget, by class.
 */
export function testModels<M extends Models>(models: M, full: Readonly<Record<keyof M, number>>): void {
  for (const [name, cases] of Object.entries(models)) {
    const steps = budget(full[name]!);
    describe(name, () => {
      const all = Object.entries(cases).map(([title, begin], at) => [title, at + 1, begin] as const);
      test.each(withinBudget(all, { least: 3, seed: all.length }))(
        `%s, seed %d: ${steps} calls answer as the oracle does`,
        (_, seed, begin) => playCase(begin, { seed, steps }),
      );
    });
  }
}
