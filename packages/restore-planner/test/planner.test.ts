// One checkpoint on many targets: what plans share makes no difference.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type PlanOptions,
  planRestore,
  readCheckpoint,
  restorePlanner,
  type TakenNumber,
  type Target,
} from '@idspace/restore-planner';
import { budget, type Random, random, withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { checkpointOf, timerOf } from './support/checkpoints.ts';

const SEED = 2026_11_30;
const GIVEN = join(import.meta.dirname, 'ground-truth');
const CASES = ['criu', 'criu-ids', 'criu-field'].flatMap((group) =>
  readdirSync(join(GIVEN, group), { withFileTypes: true })
    .filter((one) => one.isDirectory())
    .map((one) => `${group}/${one.name}`),
);

/** Options that differ in few things, so that plans have much in common. */
function randomOptions(rng: Random): PlanOptions {
  const taken = rng.pick<number[]>([[], [6], [5003, 7001], [12_010]]);
  const target: Target = {
    ...(rng.chance(0.7) && { taken: taken.map((number): TakenNumber => ({ number, as: rng.pick(['pid', 'tid']) })) }),
    ...(rng.chance(0.5) && { rtc: rng.chance(0.5), capWakeAlarm: rng.chance(0.5) }),
    ...(rng.chance(0.5) && { sigqOfCriuUser: rng.pick([0, 18, 19]) }),
    ...(rng.chance(0.2) && { criuRlimitSigpending: rng.pick([4, 20]) }),
    ...(rng.chance(0.5) && { possibleCpus: rng.pick([2, 16]), aioNr: 0, aioMaxNr: 65_536, pidMax: 4_194_304 }),
    ...(rng.chance(0.3) && { cannotAsk: ['inotify-next-wd'] }),
  };
  // biome-ignore format: what belongs together stands in a row
  return {
    kernel: rng.pick(['6.18', '6.1', '3.9', 'dense']), criu: rng.pick(['4.2', '4.1', '3.18', 'native']),
    ...(rng.chance(0.9) && { target }),
    ...(rng.chance(0.2) && { sigpending: rng.pick([5, 100n, Number.POSITIVE_INFINITY]) }),
    ...(rng.chance(0.2) && { sigq: rng.below(3) }),
    ...(rng.chance(0.1) && { deprecated: true }),
    ...(rng.chance(0.1) && { rtc: false }),
    ...(rng.chance(0.1) && { nsPerPair: 1000 }),
  };
}

const TARGETS = budget(200);
test.each(withinBudget(CASES, { least: 8 }))(
  `%s: ${TARGETS} targets one after the other, and each alone (seed ${SEED})`,
  async (name) => {
    const checkpoint = await readCheckpoint(join(GIVEN, name)).catch(() => undefined);
    if (checkpoint === undefined) return; // those that CRIU refuses before it has read them
    const rng = random(SEED);
    const planner = restorePlanner(checkpoint);
    const all = Array.from({ length: TARGETS }, () => randomOptions(rng));
    const plans = all.map(planner);
    for (const [index, options] of all.entries()) {
      expect(
        plans[index],
        JSON.stringify(options, (_, value) => String(value)),
      ).toEqual(planRestore(checkpoint, options));
    }
  },
);

describe('what is shared', () => {
  const TODAY = { kernel: '6.18', criu: '4.2' };

  test('the timers of targets that differ in other things', () => {
    const planner = restorePlanner(checkpointOf([[0, 5], [1]]));
    const one = planner({ ...TODAY, target: { possibleCpus: 2, sigqOfCriuUser: 1 } });
    const other = planner({ ...TODAY, target: { possibleCpus: 64, sigqOfCriuUser: 1 } });
    expect(other.processes).toBe(one.processes);
    expect(planner({ ...TODAY, target: { sigqOfCriuUser: 2 } }).processes).not.toBe(one.processes);
    expect(planner({ ...TODAY, sigq: 1 }).processes).toBe(one.processes);
  });

  test('not where it matters who lives on the target', () => {
    const checkpoint = checkpointOf([[]]);
    Object.assign(checkpoint.processes[0]!, {
      pidNamespace: 'shared',
      timers: [timerOf(0, { clock: (~77 << 3) | 2 })], // the CPU time of process 77
    });
    const planner = restorePlanner(checkpoint);
    const on = (taken: Target['taken']): unknown => planner({ ...TODAY, target: { taken: taken! } }).outcome;
    expect(on([])).not.toBe(on([{ number: 77, as: 'pid' }]));
  });

  test('little is kept', () => {
    const planner = restorePlanner(checkpointOf([[0]]));
    const first = planner({ ...TODAY, sigq: 0 }).processes;
    for (let sigq = 1; sigq < 100; sigq++) planner({ ...TODAY, sigq });
    expect(planner({ ...TODAY, sigq: 0 }).processes).not.toBe(first);
  });

  test('misuse', () => {
    expect(() => restorePlanner({} as never)).toThrow('checkpoint.processes: got undefined');
    expect(() => restorePlanner(checkpointOf([[0]]))({ ...TODAY, sigq: -1 })).toThrow('sigq: got -1');
  });
});
