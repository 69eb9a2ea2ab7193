// What the time of an operation is made of: caches of several cores, prefetching, overlaps, stores that drain; and sampling.
import { createTimerTable } from '@idspace/posix-timers';
import { random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { CoreCaches } from '../src/evaluate/core-caches.ts';
import { FastForward } from '../src/evaluate/fast-forward.ts';
import { Prefetcher } from '../src/evaluate/prefetcher.ts';
import { ADDRESS_HI, addProcesses, processAddresses } from '../src/evaluate/processes.ts';
import { HARDWARE_NAMES, hardwareNamed } from '../src/hardware/presets.ts';
import { Timeline, type Work } from '../src/hardware/timeline.ts';
import { hardwareAndVariants } from '../src/hardware/variants.ts';
import { LOCKS } from '../src/layouts/reference-sink.ts';

const machine = hardwareNamed(HARDWARE_NAMES[0]);
const { readNs, writeNs, atomicNs, transferNs } = machine.parameters;
const [L1, L2, LL, MEMORY, OTHER_CORE] = [0, 1, 2, 3, 4];
const [l1, l2, ll, memory] = readNs.map(({ value }) => value);

describe('CoreCaches', () => {
  test('what a core wrote comes from it, once; then both have it', () => {
    const caches = new CoreCaches(machine.levels, 2);
    expect(caches.access(0, 10, 10, true)).toBe(MEMORY);
    expect(caches.access(0, 10, 10, false)).toBe(L1);
    expect(caches.access(1, 10, 10, false)).toBe(OTHER_CORE);
    expect(caches.access(1, 10, 10, false)).toBe(L1);
    expect(caches.access(0, 10, 10, false)).toBe(L1);
    expect(caches.access(1, 10, 10, true)).toBe(L1);
    expect(caches.access(0, 10, 10, false)).toBe(OTHER_CORE);
  });

  test('what no core wrote is in the last level for the second core', () => {
    const caches = new CoreCaches(machine.levels, 2);
    expect([caches.access(0, 0, 0, false), caches.access(1, 0, 0, false)]).toEqual([MEMORY, LL]);
  });

  test('a line that came is lost again to those that queue for the same lock', () => {
    const caches = new CoreCaches(machine.levels, 2);
    caches.access(0, 0, 0, true);
    caches.begin();
    expect(caches.access(1, 0, 0, true)).toBe(OTHER_CORE);
    caches.queued();
    expect([caches.access(1, 0, 0, false), caches.access(1, 0, 0, false)]).toEqual([OTHER_CORE, L1]);
  });
});

describe('Prefetcher', () => {
  test('completes pairs of lines', () => {
    const prefetcher = new Prefetcher();
    expect([8, 9, 11, 10].map((line) => prefetcher.covers(line))).toEqual([false, true, false, true]);
  });

  test('follows ascending lines within a page, after two steps, and no others', () => {
    const ascending = new Prefetcher();
    expect([0, 6, 12, 18, 24, 64].map((line) => ascending.covers(line))).toEqual([
      false,
      false,
      false,
      true,
      true,
      false,
    ]);
    const descending = new Prefetcher();
    expect([60, 54, 48, 42, 36].map((line) => descending.covers(line))).not.toContain(true);
  });
});

describe('Timeline', () => {
  const timed = (run: (timeline: Timeline) => void): Work => {
    const timeline = new Timeline([machine]);
    timeline.begin();
    run(timeline);
    return timeline.work(1)[0];
  };

  test('reads of one object overlap, others follow each other', () => {
    const both = (second: number): number =>
      timed((timeline) => {
        timeline.read(1000, LL);
        timeline.read(second, MEMORY);
      }).memoryNs;
    expect(both(1000)).toBeCloseTo(memory, 9);
    expect(both(2000)).toBeCloseTo(ll + memory, 9);
    expect(both(0)).toBeCloseTo(ll + memory, 9);
  });

  test('stores cost their cycle; an atomic drains all of them first', () => {
    const stores = (timeline: Timeline): void => {
      timeline.write(0, MEMORY);
      timeline.write(0, MEMORY);
    };
    expect(timed(stores).memoryNs).toBeCloseTo(2 * writeNs.value, 9);
    const drained = timed((timeline) => {
      stores(timeline);
      timeline.atomic(L2);
    });
    expect(drained.memoryNs).toBeCloseTo(2 * writeNs.value + memory + atomicNs.value, 9);
  });

  test('a lock is held for what is done under it, and until its stores are out', () => {
    const siglock = LOCKS.indexOf('siglock');
    const { locks, memoryNs } = timed((timeline) => {
      timeline.acquire(siglock, OTHER_CORE);
      timeline.read(0, L2);
      timeline.write(0, OTHER_CORE);
      timeline.release(siglock);
    });
    expect(locks).toHaveLength(1);
    expect(locks[0]).toMatchObject({ name: 'siglock', acquired: 1 });
    expect(locks[0].holdNs).toBeCloseTo(l2 + writeNs.value + transferNs.value, 9);
    expect(memoryNs).toBeCloseTo(transferNs.value + atomicNs.value + l2 + 2 * writeNs.value, 9);
    expect(l1).toBeLessThan(l2);
  });

  test('of a machine and its variants gives what each gives alone', () => {
    const machines = hardwareAndVariants(machine);
    const siglock = LOCKS.indexOf('siglock');
    const run = (timeline: Timeline): Work[] => {
      const rng = random(7);
      for (let i = 0; i < 200; i++) {
        if (i % 10 === 0) timeline.begin();
        const level = rng.below(OTHER_CORE + 1);
        const object = rng.pick([0, 1000, 2000]);
        const step = rng.below(5);
        if (step === 0) timeline.read(object, level);
        else if (step === 1) timeline.write(object, level);
        else if (step === 2) timeline.atomic(level);
        else if (step === 3) timeline.acquire(siglock, level);
        else timeline.release(siglock);
      }
      return timeline.work(20);
    };
    const together = run(new Timeline(machines));
    expect(together).toEqual(machines.flatMap((one) => run(new Timeline([one]))));
    // Read times by level, writes, atomics and transfers: these change what references take.
    expect(new Set(together.map(({ memoryNs }) => memoryNs)).size).toBe(1 + machine.levels.length + 1 + 3);
  });
});

test.each(['hash-512', 'hash-scaled-jhash', 'xarray'] as const)(
  '%s: skipping ahead leaves the same table',
  (design) => {
    const made = [true, false].map((fast) => {
      const table = createTimerTable(design, { cpus: 1, capacity: 2000, processes: 2 });
      const processes = addProcesses(table, 2, 5);
      const addresses = processAddresses(2, 5);
      const owners = processes.map((handle, i) => ({ handle, low: addresses[i], high: ADDRESS_HI }));
      const forward = new FastForward(table, owners);
      const timers: { timer: number; id: number }[] = [];
      for (let i = 0; i < 1500; i++) {
        if (fast) timers.push(forward.create(owners[i % 2]));
        else {
          const timer = table.timers.allocate();
          timers.push({ timer, id: table.add(processes[i % 2], timer) });
          table.publish(processes[i % 2], timer);
        }
      }
      const gone = timers.slice(100, 900);
      const owner = (at: number): number => processes[(100 + at) % 2];
      if (fast)
        forward.delete(
          Int32Array.from(gone, ({ timer }) => timer),
          owner,
          (at) => gone[at].id,
        );
      else for (const [at, { id }] of gone.entries()) table.timers.free(table.remove(owner(at), id));
      const listed: number[][] = processes.map((process) => {
        const ids: number[] = [];
        table.forEachTimer(process, (timer) => ids.push(table.timers.id[timer]));
        return ids;
      });
      const found = timers.map(({ id }, i) => table.find(processes[i % 2], id));
      return { timers, listed, found, live: table.timers.size, next: table.nextId(processes[0]) };
    });
    expect(made[0]).toEqual(made[1]);
    expect(made[0].live).toBe(700);
  },
);
