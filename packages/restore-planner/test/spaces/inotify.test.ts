// Watch descriptors against a model of the kernel's allocator that CRIU's loop is played on call by call.
import { budget, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { danceTo } from '../../src/spaces/inotify/dance.ts';
import { INOTIFY } from '../../src/spaces/inotify/inotify.ts';
import { conditions } from './conditions.ts';

const SEED = Number(process.env.TEST_SEED ?? 20_261_130);
const FILES = budget(500);
const OLD = { cannotAsk: ['inotify-next-wd'] };

/** Plays CRIU's loop on an inotify file: add; too low → remove and again; equal → the next watch; too high → give up. */
function played(wds: readonly number[]): { creates: number; deletes: number; failed: boolean } {
  const taken = new Set<number>();
  let next = 1;
  let creates = 0;
  let deletes = 0;
  for (const wanted of [...wds].sort((a, b) => a - b)) {
    for (;;) {
      while (taken.has(next)) next++;
      const got = next++;
      taken.add(got);
      creates++;
      if (got === wanted) break;
      if (got > wanted) return { creates, deletes, failed: true };
      taken.delete(got);
      deletes++;
    }
  }
  return { creates, deletes, failed: false };
}

describe('the dance', () => {
  test(`${FILES} random files (seed ${SEED})`, () => {
    const rng = random(SEED);
    for (let run = 0; run < FILES; run++) {
      const wds = Array.from({ length: rng.below(8) }, () => 1 + rng.below(rng.below(2) === 0 ? 9 : 300));
      const { creates, deletes, failed } = played(wds);
      const counted = danceTo(wds, false);
      expect(counted.fault !== null, String(wds)).toBe(failed);
      if (!failed) expect(counted, String(wds)).toEqual({ asks: 0, creates, deletes, fault: null });
    }
  });

  test('a request a watch where the kernel can be asked', () => {
    expect(danceTo([50_001, 50_000], true)).toEqual({ asks: 2, creates: 2, deletes: 0, fault: null });
    expect(danceTo([50_001, 50_000], false)).toEqual({ asks: 0, creates: 50_001, deletes: 49_999, fault: null });
  });

  test('INT_MAX is planned in no time, and takes hours', () => {
    const plan = INOTIFY.plan([{ id: 5, wds: [2 ** 31 - 1] }], conditions(OLD))!;
    expect(plan).toMatchObject({ outcome: 'ok', creates: 2 ** 31 - 1, deletes: 2 ** 31 - 2 });
    expect(plan.seconds).toBeGreaterThan(3 * 3600);
  });

  test.each([[0], [2 ** 31], [2 ** 32 - 1]])('no kernel gives %i', (wd) => {
    for (const target of [{}, OLD]) {
      const plan = INOTIFY.plan([{ id: 5, wds: [wd] }], conditions(target))!;
      expect(plan.reasons.map(({ code, ids }) => ({ code, ids }))).toEqual([{ code: 'watch-range', ids: [wd] }]);
    }
  });

  test('one descriptor twice', () => {
    const plan = INOTIFY.plan([{ id: 5, wds: [3, 3] }], conditions(OLD))!;
    expect(plan.reasons[0]).toMatchObject({ code: 'watch-twice', words: 'Unsorted watch 0x4 found for 0x5 with 0x3' });
  });
});

describe('since when it can be asked for', () => {
  const file = [{ id: 5, wds: [9] }];
  test.each([
    [[4, 15], [4, 2], 8],
    [[4, 16], [3, 8], 8],
    [[4, 16], [3, 9], 0],
    [null, null, 0],
  ] as const)('Linux %o, CRIU %o: %i removes', (kernel, criu, deletes) => {
    expect(INOTIFY.plan(file, { kernel, criu, target: {} })?.deletes).toBe(deletes);
  });
});

describe('limits of the user', () => {
  const files = [{ id: 5, wds: [1, 3] }];
  test('what a dance has at most at a time counts', () => {
    expect(INOTIFY.plan(files, conditions({ maxUserWatches: 2 }))?.outcome).toBe('ok');
    expect(INOTIFY.plan(files, conditions({ ...OLD, maxUserWatches: 2 }))?.outcome).toBe('fails');
    expect(INOTIFY.plan(files, conditions({ maxUserWatches: 12, userWatches: 10 }))?.outcome).toBe('ok');
    expect(INOTIFY.plan(files, conditions({ maxUserWatches: 11, userWatches: 10 }))?.outcome).toBe('fails');
    // No watch is added: that more are in use than the limit, which was lowered, does not matter.
    expect(INOTIFY.plan([{ id: 1, wds: [] }], conditions({ maxUserWatches: 1, userWatches: 10 }))?.outcome).toBe('ok');
  });

  test('instances count too, and what is not known matters only past what kernels allow at least', () => {
    const many = Array.from({ length: 129 }, (_, id) => ({ id, wds: [1] }));
    expect(INOTIFY.plan(many, conditions({}))?.outcome).toBe('depends');
    expect(INOTIFY.plan(many.slice(1), conditions({}))?.outcome).toBe('ok');
    expect(INOTIFY.plan(many, conditions({ maxUserInstances: 128 }))?.outcome).toBe('fails');
    expect(INOTIFY.plan(many, conditions({ maxUserInstances: 129 }))?.outcome).toBe('ok');
  });
});
