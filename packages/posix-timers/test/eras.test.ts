// Random scripts of calls on every release, against an oracle of a dozen lines: a set of IDs and a counter.
import { budget, runModel } from '@idspace/testkit';
import { describe, expect, it } from 'vitest';
import { EAGAIN, EBUSY, EINVAL, type Process } from '../src/index.ts';
import { BAD_SIGEVENT, listed, NEXT_ID_RELEASES, NONE, PRCTL, start } from './start.ts';

const INT_MAX = 2 ** 31 - 1;
const LIMIT = 40;

/** What IDs a process has, newest last, and which comes next. */
class Oracle {
  ids: number[] = [];
  restoring = false;
  private readonly lowest: boolean;
  private readonly user: { charge: number };
  private next = 0;

  constructor(lowest: boolean, user = { charge: 0 }) {
    this.lowest = lowest;
    this.user = user;
  }

  create(wanted: number, keep = true): number {
    if (this.restoring && wanted < 0) return -EINVAL;
    if (this.user.charge >= LIMIT) return -EAGAIN;
    if (this.restoring && this.ids.includes(wanted)) return -EBUSY;
    let id = this.restoring ? wanted : this.lowest ? 0 : this.next;
    while (this.ids.includes(id)) id = id === INT_MAX ? 0 : id + 1;
    this.next = id === INT_MAX ? 0 : id + 1;
    if (!keep) return -EINVAL;
    this.user.charge++;
    this.ids.push(id);
    return id;
  }

  delete(id: number): number {
    if (!this.ids.includes(id)) return -EINVAL;
    this.ids = this.ids.filter((other) => other !== id);
    this.user.charge--;
    return 0;
  }

  fork(): Oracle {
    return new Oracle(this.lowest, this.user);
  }

  exec(): void {
    while (this.ids.length > 0) this.delete(this.ids[0]);
    this.restoring = false;
  }
}

/** Runs a call on the same process of every release; all must answer the same. */
function onAll<T>(worlds: readonly Process[][], process: number, call: (process: Process) => T): T {
  const [first, ...others] = worlds.map((world) => call(world[process]));
  for (const other of others) expect(other).toEqual(first);
  return first;
}

const PROCESSES = 3;
/** IDs that meet, and the ends of the range. */
const INTERESTING = [0, 1, 2, 3, 5, 8, 62, 63, 64, 65, 511, 512, 513, 4095, 4096, INT_MAX - 2, INT_MAX - 1, INT_MAX];

function play(releases: readonly string[], lowest: boolean, restore: boolean, seed: number): void {
  const worlds = releases.map((release) => {
    const { main } = start(release, { sigpending: LIMIT, cpus: 4 });
    return [main, ...Array.from({ length: PROCESSES - 1 }, () => main.fork())];
  });
  const main = new Oracle(lowest);
  const oracles = [main, ...Array.from({ length: PROCESSES - 1 }, () => main.fork())];
  const which = (random: { below(n: number): number }): number => random.below(PROCESSES);
  runModel({
    seed,
    steps: budget(6000),
    subject: worlds,
    oracle: oracles,
    operations: {
      create: {
        weight: 12,
        args: (random) => [which(random), random.chance(0.05) ? -1 : random.pick(INTERESTING)],
        subject: (all, p: number, id: number) => onAll(all, p, (process) => process.timerCreate(1, NONE, id)),
        oracle: (all, p: number, id: number) => all[p].create(id),
      },
      createInVain: {
        weight: 2,
        args: (random) => [which(random), random.pick(INTERESTING)],
        subject: (all, p: number, id: number) => onAll(all, p, (process) => process.timerCreate(1, BAD_SIGEVENT, id)),
        oracle: (all, p: number, id: number) => all[p].create(id, false),
      },
      delete: {
        weight: 8,
        args: (random) => [which(random), random.u32()],
        subject: (all, p: number, n: number) =>
          onAll(all, p, (process) => process.timerDelete(nth(ascending(listed(process)), n))),
        oracle: (all, p: number, n: number) => all[p].delete(nth(ascending(all[p].ids), n)),
      },
      mode: {
        weight: restore ? 2 : 0,
        args: (random) => [which(random), random.below(2)],
        subject: (all, p: number, on: number) => onAll(all, p, (process) => process.prctl(PRCTL, on)),
        oracle: (all, p: number, on: number) => {
          all[p].restoring = on === 1;
          return 0;
        },
      },
      exec: {
        args: (random) => [which(random)],
        subject: (all, p: number) => onAll(all, p, (process) => process.exec()),
        oracle: (all, p: number) => all[p].exec(),
      },
    },
    checkEvery: 50,
    check(all, expected) {
      for (let p = 0; p < PROCESSES; p++) {
        const { ids } = expected[p];
        // Dense designs have no list: theirs is table order, not creation order.
        const order = lowest ? ascending(ids) : [...ids].reverse();
        for (const world of all) {
          expect(listed(world[p])).toEqual(order);
          for (const id of INTERESTING) expect(world[p].timerGettime(id)).toBe(ids.includes(id) ? 0 : -EINVAL);
        }
      }
    },
  });
}

function ascending(ids: readonly number[]): number[] {
  return [...ids].sort((a, b) => a - b);
}

/** Returns one of the IDs, or one that none of them is. */
function nth(ids: readonly number[], n: number): number {
  return ids.length === 0 || n % 16 === 0 ? 99_999 : ids[n % ids.length];
}

describe('random scripts', () => {
  it.each([1, 2, 3])('answer the same on every next-ID release (seed %i)', (seed) => {
    play(NEXT_ID_RELEASES.filter(parseFloat), false, false, seed); // Designs list in another order, or have fewer IDs.
  });

  it.each([4, 5, 6])('answer the same wherever restore mode exists (seed %i)', (seed) => {
    play(['6.18', '7.1'], false, true, seed);
  });

  it.each([7, 8])('give the lowest free ID in dense designs (seed %i)', (seed) => {
    play(['dense', 'xarray'], true, false, seed);
    play(['xarray'], true, true, seed);
  });
});
