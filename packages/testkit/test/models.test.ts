// What `pnpm model` and the tests of models rest on: a digest that tells runs apart, and a mistake that is found.
import { expect, test } from 'vitest';
import { Digest } from '../src/digest.ts';
import { inTurns, type ModelCase, modelCase, type Operation } from '../src/index.ts';
import { playCase } from '../src/models.ts';

const OPERATIONS: Record<string, Operation<Set<number>, Set<number>>> = {
  add: {
    args: (r) => [r.below(50)],
    subject: (set, n: number) => set.add(n).size,
    oracle: (set, n: number) => set.add(n).size,
  },
  delete: {
    args: (r) => [r.below(50)],
    subject: (set, n: number) => set.delete(n),
    oracle: (set, n: number) => set.delete(n),
  },
};

const sets = (): ModelCase => modelCase({ subject: new Set(), oracle: new Set(), operations: OPERATIONS });

function digestOf(seed: number, steps: number): string {
  const digest = new Digest();
  playCase(sets, { seed, steps, digest });
  return `${digest}`;
}

test('a second run has the same digest; another seed or number of calls has another one', () => {
  const one = digestOf(1, 500);
  expect(one).toMatch(/^[\da-f]{16}$/);
  expect(digestOf(1, 500)).toBe(one);
  expect(new Set([one, digestOf(2, 500), digestOf(1, 501)]).size).toBe(3);
});

test('each kind of answer changes a digest', () => {
  const answers = [0, 1, -1, 2 ** 32, 2 ** 32 + 1, true, false, undefined, 5n, 'a', [], [0], [[0]], [0, 0]];
  const digests = answers.map((answer) => {
    const digest = new Digest();
    digest.add(answer);
    return `${digest}`;
  });
  expect(new Set(digests).size).toBe(answers.length);
});

test('the state is checked after each of the first calls, and at the end', () => {
  const sizes: number[] = [];
  const check = (set: Set<number>): void => void sizes.push(set.size);
  let ends = 0;
  playCase(() => ({ ...sets(), check: check as never, checkEvery: 1000, end: () => void ends++ }), {
    seed: 3,
    steps: 300,
  });
  expect([sizes.length, ends]).toEqual([64 + 1, 1]);
});

test('in turns, every actor makes calls and ends, and the oracle is one', () => {
  const shared = new Set<number>();
  const actors = [shared, shared, shared];
  const killed = [0, 0, 0];
  const calls = [0, 0, 0];
  const add = { ...OPERATIONS.add!, subject: (set: Set<number>, n: number) => set.add(n).size };
  const operations = inTurns({ add }, 3, (_, victim) => void killed[victim]!++);
  const turn = operations.add!;
  operations.add = {
    ...turn,
    subject: (all, at: number, n: number) => {
      calls[at]!++;
      return turn.subject(all, ...([at, n] as never[]));
    },
  };
  playCase(() => modelCase({ subject: actors, oracle: new Set<number>(), operations }), { seed: 4, steps: 200 });
  expect([...calls, ...killed].every((count) => count > 0)).toBe(true);
});

test('a wrong answer is found, and named with seed, step and call', () => {
  const operations = { ...OPERATIONS, delete: { ...OPERATIONS.delete!, subject: () => false } };
  const wrong = (): ModelCase => modelCase({ subject: new Set<number>(), oracle: new Set<number>(), operations });
  expect(() => playCase(wrong, { seed: 5, steps: 500 })).toThrow(
    /^seed 5, step \d+: delete\(\d+\): got false, expected true$/,
  );
});
