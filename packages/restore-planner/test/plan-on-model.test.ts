// Plans against the kernel models of @idspace/posix-timers, on which restorers make every call.
import { Kernel, type Process } from '@idspace/posix-timers';
import { type CheckpointTimer, type Outcome, planRestore } from '@idspace/restore-planner';
import { type Random, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { checkpointOf, timerOf } from './support/checkpoints.ts';
import { freeFrom, listedIds, ModelCalls } from './support/model-calls.ts';
import { type Naive, naive42, naive2013, naive2023, naiveNative, outcomeOf } from './support/naive-restorers.ts';
import { TINY_KERNELS, type TinyRules } from './support/tiny-kernel.ts';

const CRIUS: [string, (rules: TinyRules) => Naive][] = [
  ['3.18', () => naive2013],
  ['4.1.1', () => naive2023],
  ['4.2', () => naive42],
  ['native', naiveNative],
];
const MATRIX = CRIUS.flatMap(([criu, naive]) =>
  TINY_KERNELS.map(([kernel, rules]) => ({ criu, naive: naive(rules), kernel, rules })),
);
const CHECKPOINTS = 40; // per pair
const INT_MAX = 2 ** 31 - 1;
const SEED = 2025_03_13;

describe.each(MATRIX)('CRIU $criu on $kernel', ({ criu, naive, kernel, rules }) => {
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
      const outcome = outcomeOf(end, live.length >= limit) as Outcome;
      const error = end.printed.length === 0 ? null : end.printed.join('\n');
      const where = `seed ${rng.seed}, round ${round}, IDs ${ids}, limit ${limit}`;
      expect(plan, where).toMatchObject({ outcome, error, ...calls.counts });
      if (outcome === 'ok') expect(live, where).toEqual(ids);
      process.setrlimit(10_000);
      expect(calls.create(-1), where).toBe(freeFrom(plan.nextId, live, rules));
    }
  });

  test('refuses the timers that the kernel refuses', () => {
    const rng = random(SEED);
    const outcomes = new Set<string>();
    for (let round = 0; round < CHECKPOINTS; round++) {
      const density = rng.pick([0.4, 1]);
      const ids = Array.from({ length: 6 }, (_, id) => id).filter(() => rng.chance(density));
      const timers = ids.map((id) => randomTimer(id, rng));
      const limit = rng.pick([2, 1_000]);
      const checkpoint = checkpointOf([[]]);
      Object.assign(checkpoint.processes[0]!, { pid: PID, threads: [PID, THREAD], timers: rng.shuffle([...timers]) });
      const plan = planRestore(checkpoint, { kernel, criu, sigpending: limit }).processes[0]!;

      const process = new Kernel({ release: kernel, sigpending: limit }).spawn({ pid: PID });
      process.thread(THREAD);
      const calls = new ModelCalls(process, (id) => timers[ids.indexOf(id)]!);
      const end = naive(calls, ids);
      const live = listedIds(process);
      const outcome = outcomeOf(end, live.length >= limit) as Outcome;
      const where = `seed ${rng.seed}, round ${round}, ${calls.counts.creates} creates`;
      outcomes.add(`${outcome} ${plan.errno}`);
      const error = end.printed.length === 0 ? null : end.printed.join('\n');
      expect(plan, where).toMatchObject({ outcome, error, ...calls.counts });
      process.setrlimit(10_000);
      expect(createAny(process), where).toBe(freeFrom(plan.nextId, live, rules));
    }
    const getsFar = rules.idCount > 1 && (rules.order !== 'highest' || criu === 'native');
    const seen = ['ok null', 'fails EINVAL', ...(getsFar ? ['exceeds-limit EAGAIN'] : [])];
    expect([...outcomes]).toEqual(expect.arrayContaining(seen));
  });
});

const PID = 50;
const THREAD = 51;
const GONE = 52;

/** A timer of process PID, which now and then needs somebody who is gone. */
function randomTimer(id: number, rng: Random): CheckpointTimer {
  const cpuClock = (pid: number, kind: number): number => (~pid << 3) | kind;
  const somebody = rng.chance(0.2) ? rng.pick([GONE, THREAD]) : PID;
  const clock = rng.pick([1, -6, -2, cpuClock(somebody, rng.pick([0, 1, 2, 4, 5, 6]))]);
  const notify = rng.pick(['none', 'signal', 'thread', 'thread-id'] as const);
  const whom = notify === 'thread-id' ? { notifyThreadId: rng.pick([PID, PID, PID, THREAD, THREAD, GONE]) } : {};
  return timerOf(id, { clock, notify, signo: 34, ...whom });
}

function createAny(process: Process): number {
  return process.timerCreate(1, { notify: 1 });
}
