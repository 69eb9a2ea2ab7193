// What is told of ID spaces beside timers: costs with their spread, policies, and how fast a process uses IDs up.
import { mkdtempSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LiveIds } from '../src/agent/live-ids.ts';
import { costOf } from '../src/probe/cost.ts';
import { idDebts, type TimedIdSighting } from '../src/probe/id-debts.ts';
import { seeIds } from '../src/probe/see-ids.ts';
import { findPolicies } from '../src/probe/spaces/find-policies.ts';

const DAY = 86_400;

describe('a cost', () => {
  test('has its spread, without what calling takes', () => {
    const samples = [5, 1, 2, 3, 4, 6, 7, 8, 9, 10].map((x) => 100 + x);
    expect(costOf('x', samples, 100)).toEqual({ what: 'x', min: 1, median: 5, p90: 10, isNoisy: false });
    expect(costOf('x', [7], 0, 0.79).isNoisy).toBe(true); // even samples, all of them slowed down
    expect(costOf('x', [7], 0, 0.8).isNoisy).toBe(false);
    expect(costOf('x', [7])).toEqual({ what: 'x', min: 7, median: 7, p90: 7, isNoisy: false });
    expect(costOf('x', [7, 9], 8)).toMatchObject({ min: 0, p90: 1 });
  });

  test.each([
    [[100, 100, 100, 100, 100, 100, 100, 100, 149, 149], false],
    [[100, 100, 100, 100, 100, 100, 100, 100, 151, 151], true],
    [[100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 900], false], // one in twelve was disturbed
  ])('%j: noisy %s', (samples, isNoisy) => expect(costOf('x', samples).isNoisy).toBe(isNoisy));
});

describe('policies', () => {
  const nothing = { why: 'there is none' };
  // biome-ignore format: what belongs together stands in a row
  const only = (part: object): LiveIds => ({
    inotify: nothing, sysv: nothing, pty: nothing, aio: nothing, pids: nothing,
    ...part,
    close: () => {},
  });

  /** Hands out the lowest free number from a first one. */
  const lowest = (first: number) => {
    const taken = new Set<number>();
    const take = (): number => {
      let id = first;
      while (taken.has(id)) id++;
      taken.add(id);
      return id;
    };
    return { taken, take };
  };

  test('a kernel that hands out the lowest free watch is none of the known ways', () => {
    const { taken, take } = lowest(1);
    const inotify = {
      open: () => 3,
      setNextId: () => -22,
      add: take,
      remove: (_: number, wd: number) => Number(!taken.delete(wd)),
      close: () => {},
    };
    const found = findPolicies(only({ inotify }));
    expect(found.inotify).toMatchObject({
      policy: 'other',
      canAsk: false,
      seen: '1, 2 came, 2 was removed, then came 2',
    });
    expect(found.pty).toEqual({ policy: null, seen: null, canAsk: null, unknown: 'there is none' });
  });

  test('terminals: the lowest free one, or not', () => {
    const { taken, take } = lowest(0);
    const pty = { open: take, close: (index: number) => taken.delete(index) };
    expect(findPolicies(only({ pty })).pty).toMatchObject({ policy: 'lowest', unknown: null });
    let next = 0;
    expect(findPolicies(only({ pty: { open: () => next++, close: () => {} } })).pty).toMatchObject({ policy: 'other' });
  });

  test('SysV IDs that do not go round are none of the known ways', () => {
    const sysv = { create: () => 0, remove: () => 0, setNextId: () => -22 };
    expect(findPolicies(only({ sysv })).sysv).toMatchObject({ policy: 'other', canAsk: false });
  });
});

describe('the debt of IDs', () => {
  // biome-ignore format: what belongs together stands in a row
  const sight = (at: number, watches: TimedIdSighting['watches'], other: Partial<TimedIdSighting> = {}): TimedIdSighting => ({
    at, watches, tasks: [10, 11], lastPid: 1000, pidMax: 32_768,
    ...other,
  });
  const files = (...highest: [file: number, highest: number][]): TimedIdSighting['watches'] =>
    new Map(highest.map(([file, highest]) => [file, { highest, count: 2 }]));

  test('follows from the highest watch of each file', () => {
    const [watches] = idDebts([sight(0, files([5, 100], [6, 7])), sight(10, files([5, 300], [6, 7]))], 8000);
    // biome-ignore format: what belongs together stands in a row
    expect(watches).toEqual({
      space: 'inotify', ids: 4, idsUsed: 200, idsPerDay: 20 * DAY, secondsNow: (307 * 8000) / 1e9,
      secondsPerDay: (20 * DAY * 8000) / 1e9, daysToWrap: (2 ** 31 - 1 - 300) / (20 * DAY), unknown: null,
    });
  });

  test('a watch that was gone at the last look counts, if it was seen', () => {
    const [watches] = idDebts([sight(0, files([5, 10])), sight(1, files([5, 50])), sight(2, files([5, 20]))], 8000);
    expect(watches).toMatchObject({ idsUsed: 40, idsPerDay: 20 * DAY });
  });

  test.each([
    ['its descriptors cannot be read (EACCES)', 'its descriptors cannot be read (EACCES)', null],
    ['no inotify file', files(), 0],
    ['no new watch was seen', files([5, 9]), 2],
  ])('cannot be told: %s', (why, watches, ids) => {
    const [debt] = idDebts([sight(0, watches), sight(1, watches)], 8000);
    expect(debt).toMatchObject({ ids, idsUsed: null, idsPerDay: null });
    expect(debt!.unknown).toContain(why);
  });

  test('numbers are counted as they are seen, and the namespace by its counter, once around too', () => {
    const looks = [
      sight(0, files(), { lastPid: 32_700 }),
      sight(1, files(), { tasks: [10, 11, 500], lastPid: 32_767 }),
      sight(2, files(), { tasks: [10, 501], lastPid: 333 }),
    ];
    const [, numbers] = idDebts(looks, 8000);
    const all = 67 + 1 + 33; // to 32,767, then from 300 on
    expect(numbers).toMatchObject({ ids: 2, idsUsed: 2, idsPerDay: DAY, unknown: null });
    expect(numbers!.daysToWrap).toBeCloseTo((32_768 - 300) / ((all / 2) * DAY), 9);
  });

  test('without a counter there is no wrap, and of one look no rate', () => {
    const blind = { lastPid: null, pidMax: null };
    expect(idDebts([sight(0, files(), blind), sight(1, files(), blind)], 1)[1]).toMatchObject({
      idsUsed: 0,
      daysToWrap: null,
    });
    expect(idDebts([sight(0, files())], 1)[1]).toMatchObject({ idsUsed: null, unknown: 'it was read once' });
  });
});

test.skipIf(process.platform !== 'linux')('a look at this process finds its watches and threads', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'idspace-watched-'));
  const watcher = watch(folder, () => {});
  try {
    await new Promise(setImmediate);
    const { watches, tasks, pidMax } = seeIds(process.pid);
    const counts = [...(watches as Exclude<typeof watches, string>).values()];
    expect(counts.some(({ highest, count }) => highest >= 1 && count >= 1)).toBe(true);
    expect(tasks).toContain(process.pid);
    expect(pidMax).toBeGreaterThan(300);
  } finally {
    watcher.close();
    rmSync(folder, { recursive: true });
  }
});

test('a process that is not there', () => {
  expect(seeIds(4_194_304).watches).toBe('its descriptors cannot be read (ENOENT)');
});
