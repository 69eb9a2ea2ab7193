// The tests of what calls leave behind when the engine has no memory for them: each allocation of each call fails once.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BUDGET_SHARE, budget, withinBudget } from './budget.ts';
import { FailingAllocations } from './failing-allocations.ts';
import { type Model, type Operation, runModel } from './model.ts';
import { type Random, random } from './random.ts';

/** Objects of one class, and what is called on them. */
export interface StarvedScene<Subject = never, Oracle = never> {
  /** Fresh objects to begin with, in the full budget, and calls on each of them. */
  readonly runs: number;
  readonly steps: number;
  /** Makes a subject, as it may come to be, and the oracle to compare it with. `check` compares all that can be seen. */
  make(random: Random): {
    subject: Subject;
    oracle: Oracle;
    operations: Record<string, Operation<Subject, Oracle>>;
    check: NonNullable<Model<Subject, Oracle>['check']>;
  };
}

/** Keeps the types of a scene to its definition. */
export function scene<Subject, Oracle>(of: StarvedScene<Subject, Oracle>): StarvedScene {
  return of as unknown as StarvedScene;
}

/** Defines a test for each scene, by name. */
export function testStarved(scenes: Readonly<Record<string, StarvedScene>>): void {
  let memory: FailingAllocations;
  beforeAll(() => void (memory = new FailingAllocations()));
  afterAll(() => memory.uninstall());

  test.each(withinBudget(Object.entries(scenes), { least: 8 }))('%s', (name, { runs, steps, make }) => {
    const played = BUDGET_SHARE < 1 ? budget(Math.ceil(runs / 3), 2) : runs;
    const rng = random(runs + steps);
    const before = memory.refusals;
    const calls: Record<string, number> = {};
    for (let run = 0; run < played; run++) {
      const seed = rng.u32();
      const made = make(random(seed));
      const counts = runModel({ seed, steps, ...made, memory, checkEvery: Number.POSITIVE_INFINITY });
      for (const [call, count] of Object.entries(counts)) calls[call] = (calls[call] ?? 0) + count;
    }
    const total = Object.values(calls).reduce((sum, count) => sum + count, 0);
    const refusals = memory.refusals - before;
    console.log(`${name}: ${total.toLocaleString('en')} calls, ${refusals.toLocaleString('en')} allocations failed`);
    expect(refusals, 'allocations failed').toBeGreaterThan(2 * played);
  });
}
