// Plans as files: what is written is read back, and nothing else is.
import { join } from 'node:path';
import {
  CheckpointError,
  executePlan,
  parsePlan,
  planDocument,
  planRestore,
  type RestorePlan,
  readCheckpoint,
  validatePlan,
} from '@idspace/restore-planner';
import { budget, pairsWithinBudget, random, withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { IdRanges } from '../src/execute/id-ranges.ts';
import { checkpointOf, timerOf } from './support/checkpoints.ts';
import { CASES, FIELD, FIELD_CASES, GROUND_TRUTH } from './support/given-images.ts';

const write = (plan: RestorePlan): string => JSON.stringify(planDocument(plan));
/** What a file holds of a plan: the verdict on other IDs is left out. */
const ofTimers = (plan: RestorePlan): RestorePlan => ({
  ...plan,
  outcome: plan.totals.outcome,
  reasons: plan.reasons.filter(({ space }) => space === 'timers'),
  spaces: plan.spaces.filter(({ space }) => space === 'timers'),
});
const dance = (): RestorePlan => planRestore(checkpointOf([[3, 7], [], [2]]), { kernel: '6.1', criu: '4.2' });

test.each(withinBudget(CASES, { least: 8 }))('%s comes back as it was', async (name) => {
  const checkpoint = await readCheckpoint(join(GROUND_TRUTH, name));
  for (const [kernel, criu] of pairsWithinBudget(['6.1', '6.18', 'dense', 'xarray'], ['3.18', '4.1', '4.2'])) {
    const plan = planRestore(checkpoint, { kernel, criu });
    expect(parsePlan(write(plan))).toEqual(ofTimers(plan));
    expect(() => validatePlan(plan)).not.toThrow();
  }
});

test.each(withinBudget(FIELD_CASES, { least: 4 }))('%s from the field comes back as it was', async (name) => {
  const checkpoint = await readCheckpoint(join(FIELD, name));
  for (const [kernel, criu] of pairsWithinBudget(['3.9', '6.1', '6.18', 'dense'], ['3.18', '4.1', '4.2', 'native'])) {
    const plan = planRestore(checkpoint, { kernel, criu });
    expect(() => validatePlan(plan), `${kernel} ${criu}`).not.toThrow();
    expect(parsePlan(write(plan)), `${kernel} ${criu}`).toEqual(ofTimers(plan));
  }
});

test('64 bits survive', () => {
  const most = { sec: 2n ** 64n - 1n, nsec: 2n ** 64n - 2n };
  const checkpoint = checkpointOf([[]]);
  const timers = [
    timerOf(1, { sival: 2n ** 64n - 1n, interval: most, value: most, notify: 'thread-id', notifyThreadId: -5 }),
  ];
  Object.assign(checkpoint.processes[0]!, { timers });
  const plan = planRestore(checkpoint, { kernel: '6.18', criu: '4.2' });
  expect(parsePlan(write(plan))).toEqual(ofTimers(plan));
});

test('totals are added up again', () => {
  const plan = dance();
  expect(parsePlan(write({ ...plan, totals: { ...plan.totals, creates: 1e9 } }))).toEqual(ofTimers(plan));
});

// biome-ignore lint/suspicious/noExplicitAny: the point is what does not fit the type.
type Loose = any;

describe('plans that are none', () => {
  test.each<[string, (plan: Loose) => void, string]>([
    ['no processes', (plan) => delete plan.processes, 'plan.processes: got undefined, expected an array'],
    ['a null process', (plan) => (plan.processes[0] = null), 'plan.processes[0]: got null, expected an object'],
    [
      'an unknown outcome',
      ({ processes: [p] }) => (p.outcome = 'fine'),
      "plan.processes[0].outcome: got 'fine', expected one of ok",
    ],
    [
      'a million billion pairs',
      ({ processes: [p] }) => (p.steps[1].pairs = 1e15),
      'steps[1].pairs: got 1000000000000000, expected a whole number, 1…2147483648',
    ],
    ['half a pair', ({ processes: [p] }) => (p.steps[1].pairs = 2.5), 'steps[1].pairs: got 2.5'],
    [
      'a dance past INT_MAX',
      ({ processes: [p] }) => Object.assign(p.steps[1], { from: 2 ** 31 - 1, pairs: 2 }),
      'steps[1].pairs: got 2, expected a whole number, 1…1',
    ],
    [
      'more pairs than counted',
      ({ processes: [p] }) => (p.steps[1].pairs = 4),
      'plan.processes[0].creates: got 8, expected 9, as the steps add up to',
    ],
    [
      'a timer that is not there',
      ({ processes: [p] }) => (p.steps[1].timer = 2),
      'steps[1].timer: got 2, expected a whole number, 0…1',
    ],
    ['a step of no timer', ({ processes: [p] }) => (p.timers = []), 'timer: got 0, expected none: there are no timers'],
    ['an unknown step', ({ processes: [p] }) => (p.steps[0].op = 'reboot'), "steps[0].op: got 'reboot'"],
    ['a prctl of its own', ({ processes: [p] }) => (p.steps[0].on = 78), 'steps[0].on: got 78, expected true or false'],
    ['an inherited name', ({ processes: [p] }) => (p.strategy = 'toString'), "strategy: got 'toString'"],
    ['timers out of order', ({ processes: [p] }) => p.timers.reverse(), 'timers[1].id: got 3, expected more than 7'],
    ['a timer twice', ({ processes: [p] }) => (p.timers[1] = p.timers[0]), 'timers[1].id: got 3, expected more than 3'],
    [
      'a number for a 64-bit value',
      ({ processes: [p] }) => (p.timers[0].sival = 7),
      'timers[0].sival: got 7, expected an integer, 0…18446744073709551615',
    ],
    [
      'a value of more than 64 bits',
      ({ processes: [p] }) => (p.timers[0].sival = 2n ** 64n),
      'timers[0].sival: got 18446744073709551616n, expected an integer, 0…18446744073709551615',
    ],
    [
      'a negative time',
      ({ processes: [p] }) => (p.timers[0].value = { sec: -1n, nsec: 0n }),
      'timers[0].value.sec: got -1n',
    ],
    [
      'one create too many',
      ({ processes: [p] }) => Object.assign(p, { creates: 9, steps: [...p.steps, p.steps[2]] }),
      'steps[5]: got {',
    ],
    [
      'a delete of what is not its own',
      ({ processes: [p] }) => Object.assign(p, { deletes: 7, steps: [...p.steps, { op: 'delete', from: 1, to: 1 }] }),
      'expected IDs that the steps before created',
    ],
    [
      'a delete backwards',
      ({ processes: [p] }) => p.steps.push({ op: 'delete', from: 3, to: 1 }),
      'steps[5].to: got 1, expected 3 or more',
    ],
    [
      'a timer that does not come back',
      ({ processes: [p] }) => Object.assign(p, { creates: 7, steps: p.steps.slice(0, -1) }),
      'to leave exactly the timers of the plan',
    ],
    ['a peak that is not reached', ({ processes: [p] }) => (p.peakTimers = 3), 'peakTimers: got 3, expected 2'],
    [
      'a refusal without an error',
      ({ processes: [p] }) => (p.steps[4].id = null),
      'errno: got null, expected the error of the refused create',
    ],
    ['time running back', ({ processes: [p] }) => (p.seconds = -1), 'seconds: got -1'],
  ])('%s', async (_, spoil, text) => {
    const plan: Loose = structuredClone(dance());
    spoil(plan);
    expect(() => validatePlan(plan)).toThrow(RangeError);
    expect(() => validatePlan(plan)).toThrow(text);
    const noCalls = new Proxy({}, { get: () => () => expect.unreachable('no call is made') });
    await expect(executePlan(plan, noCalls as never)).rejects.toThrow(RangeError);
  });

  // In the engine's words.
  const wordsFor = (text: string): string => {
    try {
      return JSON.parse(text);
    } catch (error) {
      return (error as Error).message;
    }
  };

  test.each([
    ['', `plan.json: got ${wordsFor('')}, expected the JSON of a plan`],
    ['{', 'plan.json: got '],
    ['null', 'plan.json: got format undefined, version undefined, expected "idspace-plan", version 1'],
    ['[]', 'format undefined'],
    ['{"format":"idspace-plan","version":2}', 'got format "idspace-plan", version 2'],
    ['{"format":"idspace-plan","version":1}', 'plan.json: got kernel = undefined, expected a string'],
  ])('the text %j', (text, message) => {
    expect(() => parsePlan(text, 'plan.json')).toThrow(
      expect.objectContaining({ name: 'CheckpointError', code: 'bad-plan' }),
    );
    expect(() => parsePlan(text, 'plan.json')).toThrow(message);
  });

  test('a spoilt file names the part', () => {
    const text = write(dance()).replace('"pairs":3', '"pairs":-3');
    expect(() => parsePlan(text, 'p')).toThrow('p: got processes[0].steps[1].pairs = -3, expected a whole number, 1…');
    expect(() => parsePlan(write(dance()).replaceAll('"sival":"7"', '"sival":"0x7"'), 'p')).toThrow(
      "p: got processes[0].timers[0].sival = '0x7', expected an integer",
    );
  });

  test('a file with any value replaced is refused, or is a sound plan', () => {
    const rng = random(1);
    const values = JSON.stringify(planDocument(dance())).match(/"[^"]*"|-?\d+|true|false|null/g)!;
    const rounds = budget(4_000);
    let refused = 0;
    for (let round = 0; round < rounds; round++) {
      const at = rng.below(values.length);
      let seen = -1;
      const junk = rng.pick(['null', '-1', '1e99', '{}', '[]', '"x"', 'true', '0', '4294967296', '"__proto__"']);
      const text = write(dance()).replace(/"[^"]*"|-?\d+|true|false|null/g, (value) => (++seen === at ? junk : value));
      try {
        validatePlan(parsePlan(text));
      } catch (error) {
        if (!(error instanceof CheckpointError)) throw new Error(`round ${round}: ${text}`, { cause: error });
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(rounds / 2);
  });
});

test('ranges of IDs are a set', () => {
  const rng = random(7);
  const ranges = new IdRanges();
  const oracle = new Set<number>();
  for (let step = 0; step < budget(20_000); step++) {
    const from = rng.below(60);
    const to = from + rng.below(6);
    const all = Array.from({ length: to - from + 1 }, (_, at) => from + at);
    if (rng.chance(0.5)) {
      const isFree = all.every((id) => !oracle.has(id));
      expect(ranges.add(from, to)).toBe(isFree);
      if (isFree) for (const id of all) oracle.add(id);
    } else {
      const isThere = all.every((id) => oracle.has(id));
      expect(ranges.remove(from, to)).toBe(isThere);
      if (isThere) for (const id of all) oracle.delete(id);
    }
    expect(ranges.size).toBe(oracle.size);
    expect(ranges.has(from)).toBe(oracle.has(from));
  }
  expect([...ranges]).toEqual([...oracle].sort((a, b) => a - b));
});
