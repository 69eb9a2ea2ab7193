// SysV IDs against a model of the kernel's allocator that CRIU's restore is played on.
import { budget, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { SYSV } from '../../src/spaces/sysv/sysv.ts';
import type { SysvIds, SysvKind, SysvObject } from '../../src/spaces/sysv/sysv-ids.ts';
import type { Target } from '../../src/spaces/target.ts';
import { conditions } from './conditions.ts';

const SEED = Number(process.env.TEST_SEED ?? 20_261_130);
const RUNS = budget(200);
const NONE = { shm: null, msg: null, sem: null };

function idsOf(objects: Partial<Record<SysvKind, SysvObject[]>>, limits: Partial<SysvIds['limits']> = {}): SysvIds {
  return { objects: { shm: [], msg: [], sem: [], ...objects }, limits: { ...NONE, ...limits }, nextIds: NONE };
}

const withIds = (...ids: number[]): SysvIds => idsOf({ shm: ids.map((id, at) => ({ id, key: 1000 + at })) });

/** A namespace of a kernel, as an array of slots. */
class Model {
  private readonly slots: (SysvObject | undefined)[];
  private readonly size: number;
  constructor(size: number) {
    this.size = size;
    this.slots = new Array(size);
  }
  put(object: SysvObject): void {
    this.slots[object.id % this.size] = object;
  }
  /** @returns The ID, or the name of the error. */
  create(nextId: number, key: number): number | string {
    if (key !== 0 && this.slots.some((object) => object?.key === key)) return 'EEXIST';
    const sequence = Math.floor(nextId / this.size);
    for (let slot = nextId % this.size; slot < this.size; slot++) {
      if (this.slots[slot] !== undefined) continue;
      const id = sequence * this.size + slot;
      this.slots[slot] = { id, key };
      return id;
    }
    return 'ENOSPC';
  }
}

describe('slots', () => {
  test(`${RUNS} random namespaces, fresh and joined (seed ${SEED})`, () => {
    const rng = random(SEED);
    for (let run = 0; run < RUNS; run++) {
      const some = (count: number): SysvObject[] =>
        Array.from({ length: count }, () => ({
          id: ((32_764 + rng.below(6)) % 32_768) + 32_768 * rng.below(3),
          key: rng.below(6),
        }));
      const objects = some(rng.below(5));
      const there = rng.below(2) === 0 ? undefined : distinct(some(rng.below(4)));
      const model = new Model(32_768);
      for (const object of there ?? []) model.put(object);
      const goesWell = objects.every(({ id, key }) => model.create(id, key) === id);
      const target: Target = { ipcmniExtend: false, ...(there && { joinedIpc: { shm: there, sem: [], msg: [] } }) };
      const plan = SYSV.plan(idsOf({ shm: objects }), conditions(target))!;
      expect(plan.outcome === 'ok', JSON.stringify({ objects, there })).toBe(goesWell);
    }
  });

  function distinct(objects: SysvObject[]): SysvObject[] {
    return objects.filter(({ id, key }, at) =>
      objects.slice(0, at).every((other) => other.id % 32_768 !== id % 32_768 && (key === 0 || other.key !== key)),
    );
  }

  test.each<[string, SysvIds, Target, RegExp]>([
    ['fits wider slots', withIds(40_000, 40_000 - 32_768), { ipcmniExtend: false }, /^boot the target with ipcmni_ext/],
    ['fits none', withIds(5, 5), { ipcmniExtend: false }, /^dump again/],
    ['does not fit the widest', withIds(5, 5), { ipcmniExtend: true }, /^dump again/],
    ['fits none, and nothing is known', withIds(5, 5), {}, /^dump again/],
    ['a key twice', idsOf({ sem: [1, 2].map((id) => ({ id, key: 7 })) }), { ipcmniExtend: false }, /^dump again/],
    ['a limit for wider slots', idsOf({}, { msg: 40_000 }), { ipcmniExtend: false }, /^lower .*, or boot the target/],
    [
      'the same for shm',
      idsOf({}, { shm: 40_000 }),
      { ipcmniExtend: false, shmmniMax: 32_768 },
      /, or boot the target/,
    ],
    ['a limit for none', idsOf({}, { msg: 2 ** 24 + 1 }), { ipcmniExtend: true }, /^lower the limit before the dump$/],
  ])('the way out works: %s', (_, ids, target, wayOut) => {
    const plan = SYSV.plan(ids, conditions(target))!;
    expect(plan.reasons[0]!.remedy).toMatch(wayOut);
    const extended = SYSV.plan(ids, conditions({ ipcmniExtend: true }))!;
    expect(plan.reasons[0]!.remedy.includes('ipcmni_extend')).toBe(extended.outcome === 'ok');
  });

  test('CRIU names the ID that came', () => {
    const plan = SYSV.plan(withIds(32_774, 65_542), conditions({ ipcmniExtend: false }))!;
    expect(plan.reasons).toMatchObject([
      {
        code: 'slot-taken',
        ids: [65_542],
        words: 'Failed to restore shm id (65543 instead of 65542)\nFailed to prepare shm segment',
      },
    ]);
  });

  test('slots are wider with ipcmni_extend; if it is not known and matters, it depends', () => {
    expect(SYSV.plan(withIds(32_774, 65_542), conditions({ ipcmniExtend: true }))?.outcome).toBe('ok');
    expect(SYSV.plan(withIds(32_774, 65_542), conditions({}))?.outcome).toBe('depends');
    expect(SYSV.plan(withIds(5, 2 ** 24 + 5 + 1), conditions({}))?.outcome).toBe('ok');
    expect(SYSV.plan(withIds(5, 2 ** 24 + 5), conditions({}))?.outcome).toBe('fails'); // the same slot in both
  });

  test('every ID up to INT_MAX can be asked for, none above', () => {
    expect(SYSV.plan(withIds(2 ** 31 - 1), conditions({}))?.outcome).toBe('ok');
    expect(SYSV.plan(withIds(2 ** 31), conditions({}))?.outcome).toBe('fails');
  });
});

describe('a joined namespace', () => {
  const joinedIpc = (objects: SysvObject[]): Target => ({
    ipcmniExtend: false,
    joinedIpc: { shm: objects, sem: [], msg: [] },
  });
  test('keys are looked at first', () => {
    const { reasons } = SYSV.plan(withIds(32_774), conditions(joinedIpc([{ id: 32_774, key: 1000 }])))!;
    expect(reasons).toMatchObject([{ code: 'key-taken', words: 'Failed to create shm set: File exists' }]);
  });

  test('private objects have no key to share', () => {
    const ids = idsOf({
      shm: [
        { id: 1, key: 0 },
        { id: 2, key: 0 },
      ],
    });
    expect(SYSV.plan(ids, conditions(joinedIpc([{ id: 3, key: 0 }])))?.outcome).toBe('ok');
  });

  test('what it holds must be known for each kind that is restored', () => {
    expect(SYSV.plan(withIds(1), conditions({ joinedIpc: { sem: [] } }))?.outcome).toBe('depends');
    expect(SYSV.plan(withIds(1), conditions({ joinedIpc: { shm: [] } }))?.outcome).toBe('ok');
  });
});

describe('saved limits', () => {
  test.each([
    ['shm', 32_768, 'ok', null],
    ['shm', 32_769, 'fails', "Can't write kernel/shmmni: Invalid argument\nFailed to prepare IPC namespace variables"],
    ['msg', 32_769, 'fails', "Can't write kernel/msgmni: Invalid argument\nFailed to prepare IPC namespace variables"],
  ] as const)('%s limit %i: %s', (kind, limit, outcome, words) => {
    const plan = SYSV.plan(idsOf({}, { [kind]: limit }), conditions({ ipcmniExtend: false, shmmniMax: 32_768 }))!;
    expect(plan.outcome).toBe(outcome);
    expect(plan.reasons[0]?.words ?? null).toBe(words);
  });

  test('depends on ipcmni_extend where that is not known', () => {
    expect(SYSV.plan(idsOf({}, { shm: 100_000 }), conditions({}))?.outcome).toBe('depends');
    expect(SYSV.plan(idsOf({}, { shm: 100_000 }), conditions({ ipcmniExtend: true }))?.outcome).toBe('ok');
  });

  test('more objects than the saved limit', () => {
    const plan = SYSV.plan({ ...withIds(1, 2, 3), limits: { ...NONE, shm: 2 } }, conditions({}))!;
    expect(plan.reasons).toMatchObject([
      { code: 'too-many-objects', ids: [3], words: 'Failed to create shm set: No space left on device' },
    ]);
  });
});

test('100,000 objects in one slot end early', () => {
  const many = Array.from({ length: 100_000 }, (_, at) => ({ id: 5 + 32_768 * (at % 60_000), key: 0 }));
  expect(SYSV.plan(idsOf({ shm: many }), conditions({ ipcmniExtend: false }))?.outcome).toBe('fails');
});
