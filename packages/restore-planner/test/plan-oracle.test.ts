// Plans against restorers that make every call: thousands of random checkpoints on every CRIU and kernel.
import { type CreateCall, type ProcessPlan, planRestore, type Step } from '@idspace/restore-planner';
import { budget, type Random, random, withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { checkpointOf } from './support/checkpoints.ts';
import {
  errnoOf,
  isRefused,
  type Naive,
  naive42,
  naive2013,
  naive2023,
  naiveNative,
  numberOf,
  outcomeOf,
} from './support/naive-restorers.ts';
import { withBadIds } from './support/random-timers.ts';
import { EINVAL, starts, TINY_KERNELS, TinyProcess, type TinyRules } from './support/tiny-kernel.ts';

const CRIUS: [string, (rules: TinyRules) => Naive][] = [
  ['0.6', () => naive2013],
  ['3.18', () => naive2013],
  ['3.19', () => naive2023],
  ['4.1.1', () => naive2023],
  ['4.2', () => naive42],
  ['native', naiveNative],
];
const MATRIX = CRIUS.flatMap(([criu, naive]) =>
  TINY_KERNELS.map(([kernel, rules]) => ({ criu, naive: naive(rules), kernel, rules })),
);
const STARTING = MATRIX.filter(({ criu, kernel }) => starts(criu, kernel));
const CHECKPOINTS = budget(100); // per pair
const SEED = 2023_05_09;
const INT_MAX = 2 ** 31 - 1;

/** Small IDs, often dense from 0, in any order; now and then none. On kernels that count down half of them are large. */
function randomIds(rng: Random, { order }: TinyRules): number[] {
  const highest = rng.pick([0, 1, 3, 8, 39]);
  const density = rng.pick([0.2, 0.5, 0.9, 1]);
  const ids = Array.from({ length: highest + 1 }, (_, id) => id).filter(() => rng.chance(density));
  const isLarge = order === 'highest' && rng.chance(0.5);
  return rng.shuffle(isLarge ? ids.map((id) => INT_MAX - id) : ids);
}

/** What a naive restore did, in the words of a plan. */
function played(naive: Naive, process: TinyProcess, ids: number[], limit: number): Partial<ProcessPlan> {
  const sorted = [...ids].sort((a, b) => a - b).map((id) => id >>> 0);
  const end = naive(process, sorted);
  const outcome = outcomeOf(end, process.refused, process.live.size >= limit) as ProcessPlan['outcome'];
  const { creates, deletes, prctls, peak } = process;
  // biome-ignore format: what belongs together stands in a row
  return {
    outcome,
    error: end.printed.length === 0 ? null : end.printed.join('\n'),
    errno: isRefused(end.printed) ? errnoOf(process.refused) : null,
    creates, deletes, prctls, peakTimers: peak, nextId: process.nextId(),
  };
}

type Pair = (typeof STARTING)[number];

/** Whether an ID that does not come ends a restore; else it takes 2³¹ pairs. */
function endsEarly({ criu, rules }: Pair): boolean {
  const isDance = criu !== 'native' && !(criu === '4.2' && rules.asksBy === 'prctl');
  return !isDance || rules.order !== 'next' || rules.idCount < 100;
}

/** Plans a checkpoint, and makes the calls of its processes one by one. */
function expectSame({ criu, naive, kernel, rules }: Pair, lists: number[][], limit: number, where: string): void {
  const plan = planRestore(checkpointOf(lists, BigInt(limit)), { kernel, criu });
  const held = new Set<number>(); // by the processes before, where IDs are system-wide
  for (const [index, ids] of lists.entries()) {
    const others = new Set(held);
    const process = new TinyProcess(rules, limit, others);
    const expected = played(naive, process, ids, limit);
    if (lists.filter((list) => list.length > 0).length > 1 && expected.outcome === 'exceeds-limit') {
      expected.error = expected.error!.replace(/(?<= )\d+(?=:|$)/m, 'N'); // another process may have used the room up before
    }
    const found = differences(plan.processes[index]!, expected, new TinyProcess(rules, limit, others), rules);
    if (process.state() !== found.state) found.texts.push(`state ${found.state}, expected ${process.state()}`);
    if (expected.outcome === 'ok') {
      if (!sameIds(process.live, ids)) found.texts.push(`IDs ${[...process.live]}`);
      if (rules.systemWide) for (const id of ids) held.add(id);
    }
    if (found.texts.length === 0) continue;
    expect(found.texts, `${where}, process ${index} of ${JSON.stringify(lists)}, limit ${limit}`).toEqual([]);
  }
}

describe.each(withinBudget(STARTING, { least: 8 }))('CRIU $criu on $kernel', (pair) => {
  test('equals the calls made one by one', () => {
    const { rules } = pair;
    const rng = random(SEED);
    for (let round = 0; round < CHECKPOINTS; round++) {
      const lists = Array.from({ length: rng.between(1, 3) }, () => {
        const ids = randomIds(rng, rules);
        return endsEarly(pair) ? withBadIds(ids, rng) : ids;
      });
      const limit = lists.length === 1 && rng.chance(0.7) ? rng.below(40) : 1_000; // several processes share it
      expectSame(pair, lists, limit, `seed ${rng.seed}, round ${round}`);
    }
  });
});

test('every CRIU on every kernel: the calls made one by one, with an ID that comes twice, after which the next process begins', () => {
  for (const pair of STARTING) {
    const ids = [5, 1, 2, 8];
    const wanted = pair.rules.order === 'highest' ? ids.map((id) => INT_MAX - id) : ids;
    const bad = endsEarly(pair) ? [[...wanted, wanted[1]!], wanted] : [];
    expectSame(pair, [...bad, wanted, ids.slice(0, 1)], 1_000, `CRIU ${pair.criu} on ${pair.kernel}`);
  }
});

/** Compares a plan with what happened, and makes the calls of its steps on a fresh process: what each gives, and where they lead. */
function differences(
  plan: ProcessPlan,
  expected: Partial<ProcessPlan>,
  process: TinyProcess,
  rules: TinyRules,
): { texts: string[]; state: string } {
  const texts = Object.entries(expected).flatMap(([key, value]) => {
    const got = plan[key as keyof ProcessPlan];
    return got === value ? [] : [`${key} ${got}, expected ${value}`];
  });
  const most = rules.systemWide ? Number.POSITIVE_INFINITY : 3 * plan.timers.length + 3; // fills go around what others have
  if (plan.steps.length > most) texts.push(`${plan.steps.length} steps, expected ${most} at most`);
  for (const step of plan.steps) {
    const results = play(step, plan, process, rules);
    for (const [got, promised] of results) if (got !== promised) texts.push(`${JSON.stringify(step)} gave ${got}`);
  }
  return { texts, state: process.state() };
}

/** Makes the calls of a step: for each what it gave, and what the step says. */
function play(
  step: Step,
  { timers, errno }: ProcessPlan,
  process: TinyProcess,
  { order }: TinyRules,
): [number, number][] {
  switch (step.op) {
    case 'prctl':
      return [[process.restoreMode(step.on), step.refused ? -EINVAL : 0]];
    case 'cursor':
      return [[process.setNextId(step.id), 0]];
    case 'create':
      return [
        [create(process, step.how, timers[step.timer]!.id >>> 0), step.id ?? (errno === null ? 0 : numberOf(errno))],
      ];
    case 'fill':
      return idsOf(step).map((id) => [process.create(-1), id]);
    case 'delete':
      return idsOf(step).map((id) => [process.delete(id), 0]);
    case 'dance': {
      const ids = Array.from({ length: step.pairs }, (_, pair) => (order === 'next' ? step.from + pair : step.from));
      return ids.flatMap((id): [number, number][] => [
        [process.create(timers[step.timer]!.id), id],
        [process.delete(id), 0],
      ]);
    }
  }
}

function sameIds(live: ReadonlySet<number>, ids: readonly number[]): boolean {
  return live.size === ids.length && ids.every((id) => live.has(id));
}

function create(process: TinyProcess, how: CreateCall, id: number): number {
  if (how === 'at-id') return process.createAt(id);
  return how === 'use-id' ? process.createUsing(id) : process.create(id);
}

function idsOf({ from, to }: { from: number; to: number }): number[] {
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, n) => (to < from ? from - n : from + n));
}

test.each(MATRIX.filter(({ criu, kernel }) => !starts(criu, kernel)))(
  'CRIU $criu does not start on $kernel',
  ({ criu, kernel }) => {
    const plan = planRestore(checkpointOf([[1, 2], []]), { kernel, criu });
    const nothing = { outcome: 'fails', creates: 0, deletes: 0, prctls: 0, steps: [], error: null };
    expect(plan.processes).toMatchObject([nothing, nothing]);
    expect(plan.processes[1]!.warnings).toEqual([{ code: 'no-start', ids: [], text: expect.stringContaining('6.13') }]);
  },
);

describe('near INT_MAX', () => {
  test.each([[[INT_MAX]], [[0, INT_MAX]], [[INT_MAX - 1, 5]], [[2 ** 30, INT_MAX, 0, 1]]])(
    '%j where it can be asked for',
    (ids) => {
      for (const [kernel, rules] of TINY_KERNELS.filter(([, { asksBy }]) => asksBy !== null)) {
        const process = new TinyProcess(rules, 1_000);
        const expected = played(naiveNative(rules), process, ids, 1_000);
        expect(planRestore(checkpointOf([ids]), { kernel, criu: 'native' }).processes[0]).toMatchObject(expected);
        expect(expected.outcome).toBe('ok');
      }
    },
  );
});
