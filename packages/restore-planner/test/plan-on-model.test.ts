// Plans against the kernel models of @idspace/posix-timers, on which restorers make every call.
import { Kernel, type Process } from '@idspace/posix-timers';
import { type CheckpointTimer, type Outcome, planRestore } from '@idspace/restore-planner';
import { budget, random, withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { checkpointOf, timerOf } from './support/checkpoints.ts';
import { freeFrom, listedIds, ModelCalls } from './support/model-calls.ts';
import { type Naive, naive42, naive2013, naive2023, naiveNative, outcomeOf } from './support/naive-restorers.ts';
import { PID, randomTarget, randomTimer, THREAD, withBadIds } from './support/random-timers.ts';
import { starts, TINY_KERNELS, type TinyRules } from './support/tiny-kernel.ts';

const CRIUS: [string, (rules: TinyRules) => Naive][] = [
  ['3.18', () => naive2013],
  ['4.1.1', () => naive2023],
  ['4.2', () => naive42],
  ['native', naiveNative],
];
const MATRIX = CRIUS.flatMap(([criu, naive]) =>
  TINY_KERNELS.map(([kernel, rules]) => ({ criu, naive: naive(rules), kernel, rules })),
).filter(({ criu, kernel }) => starts(criu, kernel));
const CHECKPOINTS = budget(40); // per pair
const INT_MAX = 2 ** 31 - 1;
const SEED = 2025_03_13;

describe.each(withinBudget(MATRIX, { least: 8 }))('CRIU $criu on $kernel', ({ criu, naive, kernel, rules }) => {
  test('equals the calls made one by one', () => {
    const rng = random(SEED);
    for (let round = 0; round < CHECKPOINTS; round++) {
      const density = rng.pick([0.1, 0.5, 1]);
      const highest = rng.pick([2, 12, 60]);
      const first = rules.order === 'highest' && rng.chance(0.5) ? INT_MAX - highest : 0;
      const ids = Array.from({ length: highest + 1 }, (_, n) => first + n).filter(() => rng.chance(density));
      const limit = rng.pick([0, 1, 5, 1_000]);
      const plan = planRestore(checkpointOf([rng.shuffle([...ids])]), { kernel, criu, sigpending: limit })
        .processes[0]!;

      const process = new Kernel({ release: kernel, sigpending: limit }).spawn();
      const calls = new ModelCalls(process, (id) => timerOf(id));
      const end = naive(calls, ids);
      const live = listedIds(process);
      const outcome = outcomeOf(end, calls.refused, live.length >= limit) as Outcome;
      const error = end.printed.length === 0 ? null : end.printed.join('\n');
      const where = `seed ${rng.seed}, round ${round}, IDs ${ids}, limit ${limit}`;
      expect(plan, where).toMatchObject({ outcome, error, ...calls.counts });
      if (outcome === 'ok') expect(live, where).toEqual(ids);
      process.setrlimit(10_000);
      expect(calls.create(-1), where).toBe(freeFrom(plan.nextId, live, rules));
    }
  });

  test('refuses the timers that the kernel refuses', () => {
    const isDance = criu !== 'native' && !(criu === '4.2' && rules.asksBy === 'prctl');
    const endsEarly = !isDance || rules.order !== 'next' || rules.idCount < 100; // else an ID that does not come takes 2³¹ pairs
    const rng = random(SEED);
    const outcomes = new Set<string>();
    for (let round = 0; round < Math.max(3 * CHECKPOINTS, 60); round++) {
      const density = rng.pick([0.4, 1]);
      const good = Array.from({ length: 6 }, (_, id) => id).filter(() => rng.chance(density));
      const ids = endsEarly ? withBadIds(good, rng) : good;
      const timers = good.map((id) => randomTimer(id, rng));
      const timerFor = (id: number): CheckpointTimer => timers.find((timer) => timer.id === id) ?? timerOf(id);
      const target = randomTarget(rng);
      const limit = rng.pick([2, 1_000]);
      const checkpoint = checkpointOf([[]]);
      Object.assign(checkpoint.processes[0]!, {
        pid: PID,
        threads: [PID, THREAD],
        pidNamespace: 'own',
        timers: rng.shuffle(ids.map(timerFor)),
      });
      const plan = planRestore(checkpoint, { kernel, criu, sigpending: limit, ...target }).processes[0]!;

      const process = new Kernel({ release: kernel, sigpending: limit, ...target }).spawn({ pid: PID });
      process.thread(THREAD);
      const calls = new ModelCalls(process, (id) => timerFor(id | 0));
      const end = naive(
        calls,
        ids.sort((a, b) => a - b).map((id) => id >>> 0),
      );
      const live = listedIds(process);
      const outcome = outcomeOf(end, calls.refused, live.length >= limit) as Outcome;
      const where = `seed ${rng.seed}, round ${round}, ${calls.counts.creates} creates`;
      outcomes.add(`${outcome} ${plan.errno}`);
      const error = end.printed.length === 0 ? null : end.printed.join('\n');
      expect(plan, where).toMatchObject({ outcome, error, ...calls.counts });
      process.setrlimit(10_000);
      expect(createAny(process), where).toBe(freeFrom(plan.nextId, live, rules));
    }
    const getsFar = rules.idCount > 1 && (rules.order !== 'highest' || criu === 'native');
    const seen = ['ok null', 'fails EINVAL', ...(getsFar ? ['fails EOPNOTSUPP', 'exceeds-limit EAGAIN'] : [])];
    expect([...outcomes]).toEqual(expect.arrayContaining(seen));
  });
});

function createAny(process: Process): number {
  return process.timerCreate(1, { notify: 1 });
}

test.each([
  ['6.17', 'EAGAIN'],
  ['6.18', 'EINVAL'],
])('with no room for a timer, Linux %s refuses one below 0 with %s', (kernel, errno) => {
  const checkpoint = checkpointOf([[-5]]);
  expect(planRestore(checkpoint, { kernel, criu: '4.2', sigpending: 0 }).processes[0]!.errno).toBe(errno);
  const process = new Kernel({ release: kernel, sigpending: 0 }).spawn();
  process.prctl(77, 1);
  expect(process.timerCreate(1, null, { id: -5 })).toBe(errno === 'EAGAIN' ? -11 : -22);
});
