// The tests of a package's models, over as many calls as the budget allows; `pnpm model` plays many more.
import { describe, test } from 'vitest';
import { budget } from './budget.ts';
import { type Models, playCase } from './models.ts';

/**
 * Defines a test for each case of each class.
 *
 * @param full Calls of each case in the full budget, by class.
 */
export function testModels<M extends Models>(models: M, full: Readonly<Record<keyof M, number>>): void {
  for (const [name, cases] of Object.entries(models)) {
    const steps = budget(full[name]!);
    describe(name, () => {
      test.each(Object.entries(cases).map(([title, begin], at) => [title, at + 1, begin] as const))(
        `%s, seed %d: ${steps} calls answer as the oracle does`,
        (_, seed, begin) => playCase(begin, { seed, steps }),
      );
    });
  }
}
