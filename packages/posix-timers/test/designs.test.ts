// The proposed designs: random scripts against an oracle of a few lines each, and what each adds to the calls.
import { budget, runModel } from '@idspace/testkit';
import { describe, expect, it } from 'vitest';
import {
  EAGAIN,
  EBUSY,
  EFAULT,
  EINVAL,
  ENOENT,
  ENOSYS,
  FAULT,
  type Process,
  SIGEV_NONE,
  SIGEV_THREAD_ID,
  SIGEV_USE_ID,
} from '../src/index.ts';
import { BAD_SIGEVENT, listed, NONE, PRCTL, RELEASES, SIGNAL, start } from './start.ts';

const INT_MAX = 2 ** 31 - 1;
const LIMIT = 6;
const USE_ID = { notify: SIGEV_NONE | SIGEV_USE_ID };

interface Rules {
  order: 'next' | 'lowest' | 'highest';
  /** IDs 0…idCount−1. */
  idCount: number;
  asksBy: 'prctl' | 'create-at-id' | 'sigev-bit' | 'cursor' | null;
}

const DENSE: Rules = { order: 'lowest', idCount: 2 ** 31, asksBy: null };
const DESIGNS: [string, Rules][] = [
  ['6.14', { ...DENSE, order: 'next' }],
  ['6.18', { ...DENSE, order: 'next', asksBy: 'prctl' }],
  ['dense', DENSE],
  ['xarray', { ...DENSE, asksBy: 'prctl' }],
  ['xarray-cyclic', { ...DENSE, order: 'next', asksBy: 'prctl' }],
  ['restricted:1', { ...DENSE, order: 'next', idCount: 1 }],
  ['restricted:5', { ...DENSE, order: 'next', idCount: 5 }],
  ['restricted:40', { ...DENSE, order: 'next', idCount: 40 }],
  ['reversed', { ...DENSE, order: 'highest' }],
  ['cursor-sysctl', { ...DENSE, asksBy: 'cursor' }],
  ['create-at-id', { ...DENSE, asksBy: 'create-at-id' }],
  ['sigev-bit', { ...DENSE, asksBy: 'sigev-bit' }],
];

/** One process: a list of IDs, oldest first, and where the next search starts. */
class Oracle {
  ids: number[] = [];
  next = 0;
  private mode = false;
  private readonly rules: Rules;

  constructor(rules: Rules) {
    this.rules = rules;
    this.next = this.start;
  }

  create(id: number, good: boolean): number {
    return this.make(this.mode ? id : null, good);
  }

  createAt(id: number): number {
    return this.rules.asksBy === 'create-at-id' ? this.make(id, true) : -ENOSYS;
  }

  useId(id: number): number {
    if (this.rules.asksBy === 'sigev-bit') return this.make(id, true);
    return this.create(id, false); // a bad sigevent everywhere else
  }

  setNextId(id: number): number {
    if (this.rules.asksBy !== 'cursor') return -ENOENT;
    if (id < 0) return -EINVAL;
    this.next = id;
    return 0;
  }

  switch(on: boolean): number {
    if (this.rules.asksBy !== 'prctl') return -EINVAL;
    this.mode = on;
    return 0;
  }

  delete(id: number): number {
    const found = this.ids.includes(id);
    this.ids = this.ids.filter((other) => other !== id);
    return found ? 0 : -EINVAL;
  }

  exec(): void {
    this.ids = [];
    this.mode = false;
  }

  private get start(): number {
    return this.rules.order === 'highest' ? INT_MAX : 0;
  }

  private make(wanted: number | null, good: boolean): number {
    if (wanted !== null && wanted < 0) return -EINVAL;
    if (this.ids.length >= LIMIT) return -EAGAIN;
    if (wanted !== null && this.ids.includes(wanted)) return -EBUSY;
    const id = wanted ?? this.search();
    if (id === null) return -EAGAIN;
    if (this.rules.order === 'next') this.next = (id + 1) % this.rules.idCount;
    else if (wanted === null) this.next = this.start;
    if (!good) return -EINVAL;
    this.ids.push(id);
    return id;
  }

  private search(): number | null {
    const { idCount, order } = this.rules;
    let id = this.next;
    for (let tries = 0; tries < idCount && tries <= LIMIT; tries++) {
      if (!this.ids.includes(id)) return id;
      id = order === 'highest' ? id - 1 : (id + 1) % idCount;
    }
    return null;
  }
}

const SOME_IDS = [-1, 0, 1, 2, 3, 4, 5, 6, 39, 40, 41, INT_MAX - 2, INT_MAX - 1, INT_MAX];

describe.each(DESIGNS)('random scripts on %s', (release, rules) => {
  it.each([1, 2, 3])('answer as the oracle does (seed %i)', (seed) => {
    const id = (rng: { pick<T>(items: readonly T[]): T }): [number] => [rng.pick(SOME_IDS)];
    runModel<Process, Oracle>({
      seed,
      steps: budget(4000),
      subject: start(release, { sigpending: LIMIT }).main,
      oracle: new Oracle(rules),
      operations: {
        create: {
          weight: 6,
          args: (rng) => [rng.pick(SOME_IDS), rng.chance(0.8)],
          subject: (process, wanted: number, good: boolean) =>
            process.timerCreate(1, good ? NONE : BAD_SIGEVENT, wanted),
          oracle: (oracle, wanted: number, good: boolean) => oracle.create(wanted, good),
        },
        createAt: {
          weight: 2,
          args: id,
          subject: (process, wanted: number) => process.timerCreateAt(1, SIGNAL, wanted),
          oracle: (oracle, wanted: number) => oracle.createAt(wanted),
        },
        useId: {
          weight: 2,
          args: id,
          subject: (process, wanted: number) => process.timerCreate(1, USE_ID, wanted),
          oracle: (oracle, wanted: number) => oracle.useId(wanted),
        },
        setNextId: {
          weight: 3,
          args: id,
          subject: (process, wanted: number) => process.setNextId(wanted),
          oracle: (oracle, wanted: number) => oracle.setNextId(wanted),
        },
        switch: {
          weight: 2,
          args: (rng) => [rng.chance(0.7)],
          subject: (process, on: boolean) => process.prctl(PRCTL, on ? 1 : 0),
          oracle: (oracle, on: boolean) => oracle.switch(on),
        },
        delete: {
          weight: 9,
          args: (rng) => [rng.u32()],
          subject: (process, n: number) => process.timerDelete(nth(listed(process), n)),
          oracle: (oracle, n: number) => oracle.delete(nth(oracle.ids, n)),
        },
        exec: {
          args: () => [],
          subject: (process) => process.exec(),
          oracle: (oracle) => oracle.exec(),
        },
      },
      checkEvery: 20,
      check(process, oracle) {
        expect(ascending(listed(process))).toEqual(ascending(oracle.ids));
        for (const some of SOME_IDS) expect(process.timerGettime(some)).toBe(oracle.ids.includes(some) ? 0 : -EINVAL);
        const hasCursor = rules.order === 'next' || rules.asksBy === 'cursor';
        expect(process.nextId).toBe(hasCursor ? oracle.next : -1);
      },
    });
  });
});

function ascending(ids: readonly number[]): number[] {
  return [...ids].sort((a, b) => a - b);
}

/** Returns one of the IDs, or one that none of them is. */
function nth(ids: readonly number[], n: number): number {
  return ids.length === 0 || n % 16 === 0 ? 99_999 : ascending(ids)[n % ids.length];
}

describe('restricted:N', () => {
  it('wraps after N−1, burns the ID of a late failure and refuses when all are live', () => {
    const { main } = start('restricted:3');
    expect([main.timerCreate(1, NONE), main.timerCreate(1, BAD_SIGEVENT)]).toEqual([0, -EINVAL]);
    expect([main.timerCreate(1, NONE), main.nextId]).toEqual([2, 0]);
    expect([main.timerCreate(1, NONE), main.timerCreate(1, NONE)]).toEqual([1, -EAGAIN]);
    expect(main.timerDelete(0)).toBe(0);
    expect(main.timerCreate(1, NONE)).toBe(0);
  });

  it('with 2³¹ IDs is no restriction', () => {
    const { kernel, main } = start('restricted:2147483648');
    expect([main.timerCreate(1, NONE), kernel.release]).toEqual([0, 'restricted:2147483648']);
  });
});

describe('reversed', () => {
  it('counts down, reuses immediately, and shows its IDs everywhere', () => {
    const { main } = start('reversed');
    expect([main.timerCreate(1, null), main.timerCreate(1, BAD_SIGEVENT)]).toEqual([INT_MAX, -EINVAL]);
    expect([main.timerCreate(1, NONE), main.lastWrittenId]).toEqual([INT_MAX - 1, INT_MAX - 1]);
    expect(main.procTimers()).toMatch(/^ID: 2147483647\nsignal: 14\/000000007fffffff\n/);
    expect(main.timerSettime(0, 0, { valueSec: 1, valueNsec: 0, intervalSec: 0, intervalNsec: 0 })).toBe(-EINVAL);
    expect(main.timerDelete(INT_MAX)).toBe(0);
    expect(main.timerCreate(1, NONE)).toBe(INT_MAX);
    main.exit();
  });
});

describe('cursor-sysctl', () => {
  it('moves the start of one search, past live IDs, and is not inherited', () => {
    const { main } = start('cursor-sysctl');
    const from = (id: number): number => main.setNextId(id) || main.timerCreate(1, NONE);
    expect([from(7), from(6), from(6), main.timerCreate(1, NONE)]).toEqual([7, 6, 8, 0]);
    expect([from(INT_MAX), from(INT_MAX), from(0)]).toEqual([INT_MAX, 1, 2]);
    main.setNextId(50);
    expect(main.fork().timerCreate(1, NONE)).toBe(0);
    expect(main.timerCreate(99, NONE)).toBe(-EINVAL); // early failures leave it
    expect(main.timerCreate(1, NONE)).toBe(50);
    for (let i = 0; i < 20; i++) expect(main.fork().setNextId(i)).toBe(0);
  });
});

describe('sigev-bit', () => {
  it('reads the buffer only if the bit is there, and keeps the kind without it', () => {
    const { main } = start('sigev-bit');
    const thread = { notify: SIGEV_THREAD_ID | SIGEV_USE_ID, signo: 34, tid: main.tid };
    expect(main.timerCreate(1, thread, 9)).toBe(9);
    expect(main.procTimers()).toContain(`notify: signal/tid.${main.tid}\n`);
    expect(main.timerCreate(1, NONE, { id: 7, idPointer: 'ok' })).toBe(0);
    expect(main.timerCreate(1, USE_ID, { id: 7, idPointer: 'unmapped' })).toBe(-EFAULT);
    expect(main.timerCreate(1, USE_ID, { id: 7, idPointer: 'read-only' })).toBe(-EFAULT);
    expect([main.timerCreate(1, USE_ID), main.timerCreate(1, FAULT)]).toEqual([-EINVAL, -EFAULT]);
    expect([main.timerCreate(1, USE_ID, 9), main.timerCreate(1, USE_ID, 7)]).toEqual([-EBUSY, 7]);
    expect(main.timerCreate(1, NONE)).toBe(1);
  });
});

describe('create-at-id', () => {
  it('checks as restore mode does, and lets threads call it', () => {
    const { main } = start('create-at-id', { sigpending: 2 });
    expect(main.thread().timerCreateAt(1, null, INT_MAX)).toBe(INT_MAX);
    expect(main.timerCreateAt(1, FAULT, 5)).toBe(-EFAULT);
    expect(main.timerCreateAt(1, BAD_SIGEVENT, 5)).toBe(-EINVAL);
    expect(main.timerCreateAt(1, NONE, -1)).toBe(-EINVAL);
    expect(main.timerCreateAt(1, NONE, INT_MAX)).toBe(-EBUSY);
    expect([main.timerCreateAt(1, NONE, 5), main.timerCreateAt(1, NONE, 6)]).toEqual([5, -EAGAIN]);
    expect(() => main.timerCreateAt(1, NONE, 2 ** 32)).toThrow('id: got 4294967296');
    expect(() => main.timerCreateAt(1, NONE, 1.5)).toThrow(RangeError);
  });
});

it.each(RELEASES)('%s lacks the calls it does not have', (release) => {
  const { main } = start(release);
  expect(main.timerCreateAt(1, NONE, 5)).toBe(release === 'create-at-id' ? 5 : -ENOSYS);
  expect(main.setNextId(5)).toBe(release === 'cursor-sysctl' ? 0 : -ENOENT);
  expect(main.timerCreate(1, USE_ID, 5)).toBe(release === 'sigev-bit' ? 5 : -EINVAL);
  main.exit();
  expect(() => main.timerCreateAt(1, NONE, 5)).toThrow('has exited');
  expect(() => main.setNextId(5)).toThrow('has exited');
});
