// Plans against the kernel models of @idspace/posix-timers, on which restorers make every call.
import { Kernel, type Process, SIGEV_NONE } from '@idspace/posix-timers';
import { type Outcome, planRestore, type TimerSyscalls } from '@idspace/restore-planner';
import { random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { checkpointOf } from './support/checkpoints.ts';
import { type Naive, naive42, naive2013, naive2023, outcomeOf } from './support/naive-restorers.ts';
import type { Calls } from './support/tiny-kernel.ts';

const CRIUS: [string, Naive][] = [
  ['3.18', naive2013],
  ['4.1.1', naive2023],
  ['4.2', naive42],
];
const KERNELS = ['3.9', '3.10', '6.1', '6.14', '6.17', '6.18', 'dense', 'xarray'];
const MATRIX = CRIUS.flatMap(([criu, naive]) => KERNELS.map((kernel) => ({ criu, naive, kernel })));
const CHECKPOINTS = 60; // per pair
const CLOCK_MONOTONIC = 1;
const PR_TIMER_CREATE_RESTORE_IDS = 77;
const SEED = 2025_03_13;

/** A model's process, its calls counted. */
class CountedCalls implements Calls {
  readonly counts = { creates: 0, deletes: 0, prctls: 0 };
  private readonly syscalls: TimerSyscalls;
  private readonly process: Process;
  private readonly reuses: boolean;

  constructor(process: Process, reuses: boolean) {
    this.syscalls = process;
    this.process = process;
    this.reuses = reuses;
  }

  create(id: number): number {
    this.counts.creates++;
    return this.syscalls.timerCreate(CLOCK_MONOTONIC, { notify: SIGEV_NONE, value: 7n }, id);
  }

  delete(id: number): number {
    this.counts.deletes++;
    return this.syscalls.timerDelete(id);
  }

  restoreMode(on: boolean): number {
    this.counts.prctls++;
    return this.syscalls.prctl(PR_TIMER_CREATE_RESTORE_IDS, on ? 1 : 0);
  }

  state(): string {
    const counter = this.reuses ? '' : this.counts.creates; // a next-ID counter never stands still
    return `${counter} ${this.process.procTimers()}`;
  }
}

/** IDs as /proc/PID/timers lists them, ascending. */
function listedIds(process: Process): number[] {
  const ids = [...process.procTimers().matchAll(/^ID: (\d+)$/gm)].map(([, id]) => Number(id));
  return ids.sort((a, b) => a - b);
}

/** The first ID from `start` on that is not live. */
function freeFrom(start: number, live: readonly number[]): number {
  let id = start;
  while (live.includes(id)) id++;
  return id;
}

describe.each(MATRIX)('CRIU $criu on $kernel', ({ criu, naive, kernel }) => {
  test('equals the calls made one by one', () => {
    const rng = random(SEED);
    for (let round = 0; round < CHECKPOINTS; round++) {
      const density = rng.pick([0.1, 0.5, 1]);
      const highest = rng.pick([2, 12, 60]);
      const ids = Array.from({ length: highest + 1 }, (_, id) => id).filter(() => rng.chance(density));
      const limit = rng.pick([0, 1, 5, 1_000]);
      const plan = planRestore(checkpointOf([rng.shuffle([...ids])]), { kernel, criu, sigpending: limit })
        .processes[0]!;

      const process = new Kernel({ release: kernel, sigpending: limit }).spawn();
      const calls = new CountedCalls(process, ['3.9', 'dense', 'xarray'].includes(kernel));
      const end = naive(calls, ids);
      const live = listedIds(process);
      const outcome = outcomeOf(end, live.length >= limit) as Outcome;
      const error = end.printed.length === 0 ? null : end.printed.join('\n');
      const where = `seed ${rng.seed}, round ${round}, IDs ${ids}, limit ${limit}`;
      expect(plan, where).toMatchObject({ outcome, error, ...calls.counts });
      if (outcome === 'ok') expect(live, where).toEqual(ids);
      process.setrlimit(1_000);
      expect(calls.create(-1), where).toBe(freeFrom(plan.nextId, live));
    }
  });
});
