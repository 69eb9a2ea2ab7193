// Plans against restorers that make every call: thousands of random checkpoints on every CRIU and kernel.
import { type ProcessPlan, planRestore } from '@idspace/restore-planner';
import { type Random, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { checkpointOf } from './support/checkpoints.ts';
import { type Naive, naive42, naive2013, naive2023, outcomeOf } from './support/naive-restorers.ts';
import { EAGAIN, EINVAL, TinyProcess, type TinyRules } from './support/tiny-kernel.ts';

const CRIUS: [string, Naive][] = [
  ['0.6', naive2013],
  ['3.18', naive2013],
  ['3.19', naive2023],
  ['4.1.1', naive2023],
  ['4.2', naive42],
];
const KERNELS: [string, TinyRules & { systemWide?: boolean }][] = [
  ['3.9', { reuse: true, hasRestoreMode: false, systemWide: true }],
  ['3.10', { reuse: false, hasRestoreMode: false }],
  ['6.14', { reuse: false, hasRestoreMode: false }],
  ['6.15', { reuse: false, hasRestoreMode: true }],
  ['dense', { reuse: true, hasRestoreMode: false }],
  ['xarray', { reuse: true, hasRestoreMode: true }],
];
const MATRIX = CRIUS.flatMap(([criu, naive]) => KERNELS.map(([kernel, rules]) => ({ criu, naive, kernel, rules })));
const CHECKPOINTS = 400; // per pair
const SEED = 2023_05_09;

/** Small IDs, often dense from 0, in any order; now and then none. */
function randomIds(rng: Random): number[] {
  const highest = rng.pick([0, 1, 3, 8, 39]);
  const density = rng.pick([0.2, 0.5, 0.9, 1]);
  const ids = Array.from({ length: highest + 1 }, (_, id) => id).filter(() => rng.chance(density));
  return rng.shuffle(ids);
}

/** What a naive restore did, in the words of a plan. */
function played(naive: Naive, process: TinyProcess, ids: number[], limit: number): Partial<ProcessPlan> {
  const sorted = [...ids].sort((a, b) => a - b);
  const end = naive(process, sorted);
  const outcome = outcomeOf(end, process.live.size >= limit) as ProcessPlan['outcome'];
  const { creates, deletes, prctls, peak } = process;
  return {
    outcome,
    error: end.printed.length === 0 ? null : end.printed.join('\n'),
    errno: outcome === 'exceeds-limit' ? 'EAGAIN' : null,
    ...{ creates, deletes, prctls, peakTimers: peak, nextId: process.nextId() },
  };
}

describe.each(MATRIX)('CRIU $criu on $kernel', ({ criu, naive, kernel, rules }) => {
  test('equals the calls made one by one', () => {
    const rng = random(SEED);
    for (let round = 0; round < CHECKPOINTS; round++) {
      const lists = Array.from({ length: rng.between(1, 3) }, () => randomIds(rng));
      const limit = rng.chance(0.5) ? rng.below(40) : 1_000;
      const plan = planRestore(checkpointOf(lists, BigInt(limit)), { kernel, criu });
      const held = new Set<number>(); // by the processes before, where IDs are system-wide
      for (const [index, ids] of lists.entries()) {
        const others = new Set(held);
        const process = new TinyProcess(rules, limit, others);
        const expected = played(naive, process, ids, limit);
        const where = `seed ${rng.seed}, round ${round}, process ${index} of ${JSON.stringify(lists)}, limit ${limit}`;
        expect(plan.processes[index], where).toMatchObject(expected);
        if (expected.outcome === 'ok') {
          expect([...process.live].sort(), where).toEqual([...ids].sort());
          if (rules.systemWide) for (const id of ids) held.add(id);
        }
        const replayed = new TinyProcess(rules, limit, others);
        playSteps(plan.processes[index]!, replayed, rules, where);
        expect(replayed, where).toEqual(process);
      }
    }
  });
});

/** Makes the calls of a plan's steps and checks that each gives what its step says; there are as few as promised. */
function playSteps({ steps, timers }: ProcessPlan, process: TinyProcess, { reuse }: TinyRules, where: string): void {
  expect(steps.length, where).toBeLessThanOrEqual(2 * timers.length + 2);
  for (const step of steps) {
    if (step.op === 'prctl') expect(process.restoreMode(step.on), where).toBe(step.refused ? -EINVAL : 0);
    if (step.op === 'create') expect(process.create(timers[step.timer]!.id), where).toBe(step.id ?? -EAGAIN);
    for (let id = 0; step.op === 'delete' && id <= step.to - step.from; id++) {
      expect(process.delete(step.from + id), where).toBe(0);
    }
    for (let pair = 0; step.op === 'dance' && pair < step.pairs; pair++) {
      const id = reuse ? step.from : step.from + pair;
      expect(process.create(timers[step.timer]!.id), where).toBe(id);
      expect(process.delete(id), where).toBe(0);
    }
  }
}

describe('near INT_MAX', () => {
  const INT_MAX = 2 ** 31 - 1;

  test.each([[[INT_MAX]], [[0, INT_MAX]], [[INT_MAX - 1, 5]], [[2 ** 30, INT_MAX, 0, 1]]])(
    '%j in restore mode',
    (ids) => {
      const process = new TinyProcess({ reuse: false, hasRestoreMode: true }, 1_000);
      const expected = played(naive42, process, ids, 1_000);
      expect(planRestore(checkpointOf([ids]), { kernel: '6.18', criu: '4.2' }).processes[0]).toMatchObject(expected);
    },
  );
});
