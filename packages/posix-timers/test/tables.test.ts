// The same rules for every design, then what each one's ID policy promises.
import { budget, random, runModel } from '@idspace/testkit';
import { XArray } from '@idspace/xarray';
import { describe, expect, test } from 'vitest';
import { createTimerTable, DESIGN, DESIGNS, type DesignName, scaledBuckets, type TimerTable } from '../src/index.ts';
import { CursorTable } from '../src/tables/cursor-table.ts';
import { denseNodes } from '../src/tables/dense-nodes.ts';
import { RestrictedTable } from '../src/tables/restricted-table.ts';
import { ReversedTable } from '../src/tables/reversed-table.ts';
import { SignalSlab } from '../src/tables/signal-slab.ts';

const INT_MAX = 0x7fff_ffff;
const EBUSY = -16;

const NEXT_ID: readonly DesignName[] = [
  'hash-512',
  'hash-512-precheck',
  'hash-scaled',
  'hash-scaled-jhash',
  'xarray-cyclic',
];
const LISTED: readonly DesignName[] = ['idr', 'hash-512', 'hash-512-precheck', 'hash-scaled', 'hash-scaled-jhash'];

/** Parts that each process has one of, by design. */
const OWN_PARTS: Partial<Record<DesignName, readonly string[]>> = {
  'hash-512': ['nextId'],
  'hash-512-precheck': ['nextId'],
  'hash-scaled': ['nextId'],
  'hash-scaled-jhash': ['nextId'],
  xarray: ['xarray'],
  'xarray-cyclic': ['xarray'],
  generational: ['slots', 'ids', 'pool'],
};

/** Passages through the table's own lock, and through the timer's: at a create, a find and a delete. */
const LOCKS: Record<DesignName, { table: readonly number[]; timer: readonly number[] }> = {
  idr: { table: [1, 0, 1], timer: [0, 1, 1] },
  'hash-512': { table: [1, 0, 1], timer: [0, 1, 1] },
  'hash-512-precheck': { table: [1, 0, 1], timer: [0, 1, 1] },
  'hash-scaled': { table: [1, 0, 1], timer: [0, 1, 1] },
  'hash-scaled-jhash': { table: [1, 0, 1], timer: [1, 1, 1] },
  xarray: { table: [1, 0, 1], timer: [0, 1, 1] },
  'xarray-cyclic': { table: [1, 0, 1], timer: [0, 1, 1] },
  generational: { table: [1, 0, 1], timer: [0, 1, 1] },
};

/** How often the table's own locks were taken; a lock that is held counts as half. */
function ownLocks(table: TimerTable): number {
  const parts = table.parts() as Record<string, { acquired?: number; locks?: { acquired: number } }>;
  const lock = parts.idrLock ?? parts.xaLock ?? parts.slotLock ?? parts.hash!.locks!;
  return lock.acquired as number;
}

/** A table with processes at addresses a slab of signal_struct could have. */
function machine(design: DesignName, processes = 1): { table: TimerTable; process: number[] } {
  const table = createTimerTable(design, { cpus: 4, capacity: 2 });
  const process = Array.from({ length: processes }, (_, i) => table.addProcess(0x0010_0000 + i * 1152, 0xffff_8881));
  return { table, process };
}

/** timer_create without the system call. */
function create(table: TimerTable, process: number, wanted?: number): { id: number; timer: number } {
  const timer = table.timers.allocate();
  const id = table.add(process, timer, wanted);
  if (id < 0) table.timers.free(timer);
  else table.publish(process, timer);
  return { id, timer };
}

/** timer_delete without the system call: whether there was such a timer. */
function destroy(table: TimerTable, process: number, id: number): boolean {
  const timer = table.remove(process, id);
  if (timer !== 0) table.timers.free(timer);
  return timer !== 0;
}

function listed(table: TimerTable, process: number): number[] {
  const ids: number[] = [];
  table.forEachTimer(process, (timer) => ids.push(table.timers.id[timer]));
  return ids;
}

describe.each(DESIGNS)('%s', (design) => {
  test('starts at 0, finds what it made, forgets what it deleted', () => {
    const { table, process } = machine(design);
    const made = Array.from({ length: 200 }, () => create(table, process[0]));
    expect(made.map(({ id }) => id)).toEqual(Array.from({ length: 200 }, (_, i) => i));
    for (const { id, timer } of made) expect(table.find(process[0], id)).toBe(timer);
    expect(table.find(process[0], 200)).toBe(0);
    expect(table.find(process[0], INT_MAX)).toBe(0);
    for (const { id } of made) expect(destroy(table, process[0], id)).toBe(true);
    for (const { id } of made) expect(destroy(table, process[0], id)).toBe(false);
    expect(listed(table, process[0])).toEqual([]);
    expect(table.timers.size).toBe(0);
  });

  test('shows a timer only once it is published', () => {
    const { table, process } = machine(design);
    const timer = table.timers.allocate();
    const id = table.add(process[0], timer);
    expect(table.timers.id[timer]).toBe(id);
    expect([table.find(process[0], id), table.remove(process[0], id), listed(table, process[0])]).toEqual([0, 0, []]);
    table.publish(process[0], timer);
    expect(table.find(process[0], id)).toBe(timer);
    expect(listed(table, process[0])).toEqual([id]);
  });

  test('abandons a timer: its ID is free, the next ID stays', () => {
    const { table, process } = machine(design);
    const timer = table.timers.allocate();
    const id = table.add(process[0], timer);
    const next = table.nextId(process[0]);
    table.abandon(process[0], timer);
    table.timers.free(timer);
    expect(table.find(process[0], id)).toBe(0);
    expect(table.nextId(process[0])).toBe(next);
    expect(create(table, process[0], id).id).toBe(id);
  });

  test('restores at wanted IDs, refuses one that is taken', () => {
    const { table, process } = machine(design);
    for (const wanted of [0, 63, 64, 4095, 4096, 1_000_000, 2_000_000]) {
      const { id, timer } = create(table, process[0], wanted);
      expect(id).toBe(wanted);
      expect(table.find(process[0], wanted)).toBe(timer);
      expect(create(table, process[0], wanted).id).toBe(EBUSY);
    }
    expect(table.timers.size).toBe(7);
    expect(listed(table, process[0]).sort((a, b) => a - b)).toEqual([0, 63, 64, 4095, 4096, 1_000_000, 2_000_000]);
  });

  test('restores the largest ID', () => {
    const { table, process } = machine(design);
    const wanted = design === 'generational' ? 511 * 2 ** 22 + 7 : INT_MAX; // Slot 2²²−1 would make the array 4 M slots.
    const { timer } = create(table, process[0], wanted);
    expect(table.find(process[0], wanted)).toBe(timer);
    expect(destroy(table, process[0], wanted)).toBe(true);
    expect(table.find(process[0], wanted)).toBe(0);
  });

  test('keeps processes apart', () => {
    const { table, process } = machine(design, 20);
    const made = process.map((p) => [create(table, p).id, create(table, p).id]);
    for (const [i, p] of process.entries()) {
      expect(made[i]).toEqual(design === 'idr' ? [2 * i, 2 * i + 1] : [0, 1]);
      for (const id of made[i]) expect(table.timers.signal[table.find(p, id)]).toBe(p);
    }
    expect(destroy(table, process[0], made[0][0])).toBe(true);
    for (const p of process.slice(1)) expect(listed(table, p)).toHaveLength(2);
    if (design === 'idr') expect(table.find(process[1], made[0][1])).toBe(0);
  });

  test('forgets a process and reuses its handle', () => {
    const { table, process } = machine(design, 3);
    for (let i = 0; i < 5; i++) create(table, process[1]);
    table.forEachTimer(process[1], (timer) => destroy(table, process[1], table.timers.id[timer]));
    expect(listed(table, process[1])).toEqual([]);
    const parts = Object.keys(table.parts());
    table.removeProcess(process[1]);
    const left = Object.keys(table.parts());
    // What a process has of its own is gone with it.
    expect(parts.filter((part) => !left.includes(part))).toEqual(
      OWN_PARTS[design]?.map((part) => `${part}/${process[1]}`) ?? [],
    );
    const reborn = table.addProcess(0x0030_0000, 0xffff_8881);
    expect(reborn).toBe(process[1]);
    expect(create(table, reborn).id).toBe(0);
  });

  test('counts the passages through the lock of every process, however many there are', () => {
    const taken = (processes: number): number => {
      const { table, process } = machine(design, processes);
      for (const p of process) create(table, p);
      return (table.parts().siglock as { acquired: number }).acquired;
    };
    expect(taken(1)).toBeGreaterThan(0);
    expect(taken(40)).toBe(40 * taken(1));
  });

  test('reports its list newest first, or its tree in ID order', () => {
    const { table, process } = machine(design);
    for (const wanted of [5, 100, 17, 3]) create(table, process[0], wanted);
    const newestFirst = LISTED.includes(design);
    expect(table.list !== null).toBe(newestFirst);
    expect(DESIGN[design].list).toBe(newestFirst);
    expect(listed(table, process[0])).toEqual(newestFirst ? [3, 17, 100, 5] : [3, 5, 17, 100]);
    const { list } = table;
    const walked: number[] = [];
    if (list !== null)
      for (let timer = list.first(process[0]); timer !== 0; timer = list.after(timer))
        walked.push(table.timers.id[timer]);
    expect(walked).toEqual(newestFirst ? [3, 17, 100, 5] : []);
    destroy(table, process[0], 100);
    destroy(table, process[0], 3);
    expect(listed(table, process[0])).toEqual(newestFirst ? [17, 5] : [5, 17]);
  });

  test('leaves every lock free, and takes the same ones each time', () => {
    const { table, process } = machine(design);
    const { id } = create(table, process[0]);
    create(table, process[0]);
    table.find(process[0], id);
    destroy(table, process[0], id);
    for (const word of table.timers.lock) expect(word % 2).toBe(0);
    const { siglock } = table.parts() as { siglock: { acquired: number } };
    expect(siglock.acquired).toBe(3); // two publications, one invalidation
  });

  test('a create, a find and a delete each take the locks that the design says', () => {
    const { table, process } = machine(design);
    const counts: { table: number; timer: number }[] = [];
    let timer = table.timers.next;
    const count = (): void => void counts.push({ table: ownLocks(table), timer: table.timers.lock[timer] / 2 });
    count();
    timer = create(table, process[0]).timer;
    count();
    table.find(process[0], 0);
    count();
    table.remove(process[0], 0);
    count();
    const steps = (of: 'table' | 'timer'): number[] => counts.slice(1).map((now, i) => now[of] - counts[i]![of]);
    expect({ table: steps('table'), timer: steps('timer') }).toEqual(LOCKS[design]);
  });

  test('a wanted ID that is taken costs one lock of the table, but none with a look before it', () => {
    const { table, process } = machine(design);
    create(table, process[0], 5);
    const before = ownLocks(table);
    expect(create(table, process[0], 5).id).toBe(EBUSY);
    expect(ownLocks(table) - before).toBe(design === 'hash-512-precheck' ? 0 : 1);
  });

  test('model: the same answers as maps', () => {
    const seed = 1 + DESIGNS.indexOf(design);
    runModel(tableModel(design, seed));
  });
});

/** Plays random calls of four processes on a table and on a map per process. */
function tableModel(
  design: DesignName,
  seed: number,
): Parameters<typeof runModel<TimerTable, Map<number, number>[]>>[0] {
  const processes = 4;
  const { table, process } = machine(design, processes);
  const oracle = process.map(() => new Map<number, number>());
  const everywhere = (id: number): boolean => oracle.some((timers) => timers.has(id));
  const draw = random(seed);
  const someId = (p: number): number => {
    const ids = [...oracle[p].keys()];
    return ids.length > 0 && draw.chance(0.8) ? draw.pick(ids) : draw.between(0, 300);
  };
  const own = (): [number, number] => {
    const p = draw.below(processes);
    return [p, someId(p)];
  };
  return {
    seed,
    steps: budget(6_000),
    checkEvery: 500,
    subject: table,
    oracle,
    check: () => {
      for (const [i, p] of process.entries()) {
        const expected = [...oracle[i].keys()].sort((a, b) => a - b);
        expect(listed(table, p).sort((a, b) => a - b)).toEqual(expected);
        for (const [id, timer] of oracle[i]) expect(table.find(p, id)).toBe(timer);
      }
      expect(table.timers.size).toBe(oracle.reduce((sum, timers) => sum + timers.size, 0));
    },
    operations: {
      // Which ID comes is each policy's own business, tested below; here: it was free, and it works from then on.
      create: {
        weight: 5,
        args: (rng) => [rng.below(processes)],
        subject: (subject, i: number) => {
          const { id, timer } = create(subject, process[i]);
          const wasFree = design === 'idr' ? !everywhere(id) : !oracle[i].has(id);
          oracle[i].set(id, timer);
          return id >= 0 && wasFree;
        },
        oracle: () => true,
      },
      restore: {
        args: (rng) => [rng.below(processes), rng.between(0, 300)],
        subject: (subject, i: number, wanted: number) => {
          const { id, timer } = create(subject, process[i], wanted);
          const busy =
            design === 'idr' ? everywhere(wanted) : oracle[i].has(wanted) || slotTaken(design, oracle[i], wanted);
          if (id >= 0) oracle[i].set(wanted, timer);
          return id === (busy ? EBUSY : wanted);
        },
        oracle: () => true,
      },
      delete: {
        weight: 4,
        args: own,
        subject: (subject, i: number, id: number) => destroy(subject, process[i], id),
        oracle: (maps, i: number, id: number) => maps[i].delete(id),
      },
      find: {
        weight: 2,
        args: own,
        subject: (subject, i: number, id: number) => subject.find(process[i], id),
        oracle: (maps, i: number, id: number) => maps[i].get(id) ?? 0,
      },
    },
  };
}

/** Generational IDs refuse a wanted ID whose slot another ID is in. */
function slotTaken(design: DesignName, live: Map<number, number>, wanted: number): boolean {
  return design === 'generational' && [...live.keys()].some((id) => id % 2 ** 22 === wanted % 2 ** 22);
}

describe('ID policies', () => {
  test.each(['idr', 'xarray'] as const)('%s hands out the lowest free ID immediately', (design) => {
    const { table, process } = machine(design);
    for (let i = 0; i < 130; i++) create(table, process[0]);
    for (const id of [129, 64, 7]) destroy(table, process[0], id);
    expect([create(table, process[0]).id, create(table, process[0]).id]).toEqual([7, 64]);
    expect([create(table, process[0]).id, create(table, process[0]).id]).toEqual([129, 130]);
    expect(table.nextId(process[0])).toBe(-1);
  });

  describe.each(NEXT_ID)('%s', (design) => {
    test('never looks back before it has wrapped', () => {
      const { table, process } = machine(design);
      for (let i = 0; i < 10; i++) create(table, process[0]);
      for (let id = 0; id < 10; id++) destroy(table, process[0], id);
      expect(create(table, process[0]).id).toBe(10);
      expect(table.nextId(process[0])).toBe(11);
    });

    test('follows INT_MAX with 0 and steps over busy IDs', () => {
      const { table, process } = machine(design);
      for (const wanted of [0, 2, INT_MAX - 2]) create(table, process[0], wanted);
      expect(table.nextId(process[0])).toBe(INT_MAX - 1);
      const ids = [1, 2, 3, 4].map(() => create(table, process[0]).id);
      expect(ids).toEqual([INT_MAX - 1, INT_MAX, 1, 3]);
    });

    test('goes on behind the last restored ID, be it lower', () => {
      const { table, process } = machine(design);
      create(table, process[0], 100);
      create(table, process[0], 5);
      expect(create(table, process[0]).id).toBe(6);
      create(table, process[0], INT_MAX);
      expect(table.nextId(process[0])).toBe(0);
      expect(create(table, process[0], 5).id).toBe(EBUSY);
      expect(table.nextId(process[0])).toBe(0);
    });
  });

  test('generational refills a slot and tells the stale ID', () => {
    const { table, process } = machine('generational');
    create(table, process[0]);
    const old = create(table, process[0]).id;
    destroy(table, process[0], old);
    const { id, timer } = create(table, process[0]);
    expect([old, id]).toEqual([1, 2 ** 22 + 1]);
    expect([table.find(process[0], old), table.find(process[0], id)]).toEqual([0, timer]);
    expect(table.remove(process[0], old)).toBe(0);
  });

  test('generational refuses a wanted ID whose slot is taken', () => {
    const { table, process } = machine('generational');
    create(table, process[0], 5);
    expect(create(table, process[0], 2 ** 22 + 5).id).toBe(EBUSY);
    destroy(table, process[0], 5);
    expect(create(table, process[0], 3 * 2 ** 22 + 5).id).toBe(3 * 2 ** 22 + 5);
  });
});

describe('TimerSlab', () => {
  test('hands the handle freed last out first, clean, and survives doubling', () => {
    const { timers } = createTimerTable('xarray', { capacity: 1 });
    const allocate = (): number => {
      const { next } = timers;
      const timer = timers.allocate();
      expect(next).toBe(timer);
      return timer;
    };
    const handles = [1, 2, 3, 4, 5].map(allocate);
    expect(handles).toEqual([1, 2, 3, 4, 5]);
    timers.id[3] = 33;
    timers.signal[3] = 1;
    timers.clock[5] = -6;
    timers.free(2);
    timers.free(3);
    expect([allocate(), allocate(), allocate()]).toEqual([3, 2, 6]);
    expect([timers.id[3], timers.signal[3], timers.clock[5], timers.size]).toEqual([0, 0, -6, 6]);
    expect(timers.capacity).toBe(8);
  });
});

test('denseNodes counts the nodes that an XArray of 0…count−1 has', () => {
  const array = new XArray();
  let next = 0;
  for (const count of [1, 2, 63, 64, 65, 128, 129, 4096, 4097, 8192, 8193]) {
    while (next < count) array.store(next++, 1);
    expect(denseNodes(count), String(count)).toBe(Math.max(1, array.nodeCount));
  }
});

describe('createTimerTable', () => {
  test('sizes the scaled table as the kernel does', () => {
    expect([1, 2, 3, 64, 65].map(scaledBuckets)).toEqual([512, 1024, 2048, 32_768, 65_536]);
  });

  test('refuses what it cannot make', () => {
    expect(() => createTimerTable('hash-1024' as DesignName)).toThrow('hash-1024');
    expect(() => createTimerTable('xarray', { cpus: 0 })).toThrow('cpus: got 0, expected an integer 1…8192');
    expect(() => createTimerTable('xarray', { capacity: 1.5 })).toThrow('capacity: got 1.5');
    expect(() => createTimerTable('xarray', { processes: -1 })).toThrow('processes: got -1');
  });
});

test('a table that wraps another forgets a process, too: its handle is the next one', () => {
  for (const wrap of [
    (inner: TimerTable) => new CursorTable(inner),
    (inner: TimerTable) => new ReversedTable(inner),
    (inner: TimerTable) => new RestrictedTable(inner, 9),
  ]) {
    const table = wrap(createTimerTable('hash-512'));
    const [first, second] = [table.addProcess(1, 2), table.addProcess(3, 4)];
    table.removeProcess(first!);
    expect([table.addProcess(5, 6), table.addProcess(7, 8)]).toEqual([first, second! + 1]);
  }
});

test('both halves of the address of a process are kept, for the hash', () => {
  const slab = new SignalSlab();
  const process = slab.add(0xffff_fff0, 0xffff_8881);
  expect([slab.lo(process), slab.hi(process)]).toEqual([0xffff_fff0 | 0, 0xffff_8881 | 0]);
});
