// SlotMap and SecondaryMap against Maps by handle, with stale handles asked for all the time.
import { inspect } from 'node:util';
import { budget, random, runModel } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { GenerationalId, SecondaryMap, SlotMap, type SlotMapOptions } from '../src/index.ts';

const OPTIONS: SlotMapOptions[] = [
  { slotBits: 3, bits: 40 },
  { slotBits: 6 },
  { slotBits: 6, bits: 53, epochBits: 4, epoch: 9, reuse: 'cyclic' },
  { slotBits: 4, bits: 9, wrap: 'retire', reuse: { delay: 5 } },
];

/** Both maps, and all handles there have ever been. */
interface Subject {
  map: SlotMap<string>;
  second: SecondaryMap<number>;
}
interface Oracle {
  map: Map<number, string>;
  second: Map<number, number>;
}

for (const options of OPTIONS) {
  test(`against Maps: ${JSON.stringify(options)}`, () => {
    const map = new SlotMap<string>(options);
    const handles: number[] = [-1];
    const mirror: Oracle = { map: new Map(), second: new Map() };
    let fresh = -1;
    const slotOf = (handle: number): number => handle % 2 ** options.slotBits!;
    const bySlot = <V>(from: Map<number, V>): [number, V][] => [...from].sort(([a], [b]) => slotOf(a) - slotOf(b));
    const anyHandle = (r: {
      pick(of: number[]): number;
      chance(p: number): boolean;
      below(n: number): number;
    }): number =>
      r.chance(0.9)
        ? handles[Math.max(0, handles.length - 1 - r.below(90))]!
        : r.pick([-1, 0.5, 2 ** 31, 2 ** 53, Number.NaN]);
    runModel<Subject, Oracle>({
      seed: options.slotBits! + (options.bits ?? 0),
      steps: budget(20_000),
      subject: { map, second: new SecondaryMap<number>(map) },
      oracle: mirror,
      checkEvery: 100,
      check: ({ map, second }, o) => {
        expect([map.size, [...map]]).toEqual([o.map.size, bySlot(o.map)]);
        expect([[...map.keys()], [...map.values()]]).toEqual([
          bySlot(o.map).map(([h]) => h),
          bySlot(o.map).map(([, v]) => v),
        ]);
        expect([second.size, [...second]]).toEqual([o.second.size, bySlot(o.second)]);
        for (const handle of handles) expect(map.get(handle), `${handle}`).toBe(o.map.get(handle));
      },
      operations: {
        insert: {
          weight: 6,
          args: (r) => [`v${r.u32()}`],
          // The oracle takes the handle that came, and refuses one that there has been.
          subject: ({ map }, value: string) => {
            fresh = map.insert(value);
            return [handles.includes(fresh), map.get(fresh)];
          },
          oracle: (o, value: string) => {
            if (map.size === o.map.size) throw new RangeError('full');
            handles.push(fresh);
            o.map.set(fresh, value);
            return [false, value];
          },
        },
        delete: {
          weight: 4,
          args: (r) => [anyHandle(r)],
          subject: ({ map }, h: number) => [map.has(h), map.delete(h)],
          oracle: (o, h: number) => {
            o.second.delete(h);
            return [o.map.has(h), o.map.delete(h)];
          },
        },
        set: {
          weight: 2,
          args: (r) => [anyHandle(r), `w${r.u32()}`],
          subject: ({ map }, h: number, v: string) => map.set(h, v),
          oracle: (o, h: number, v: string) => o.map.has(h) && o.map.set(h, v) !== undefined,
        },
        'second.set': {
          weight: 4,
          args: (r) => [anyHandle(r), r.u32()],
          subject: ({ second }, h: number, v: number) => second.set(h, v),
          oracle: (o, h: number, v: number) => o.map.has(h) && o.second.set(h, v) !== undefined,
        },
        'second.get': {
          weight: 2,
          args: (r) => [anyHandle(r)],
          subject: ({ second }, h: number) => [second.has(h), second.get(h)],
          oracle: (o, h: number) => [o.second.has(h), o.second.get(h)],
        },
        'second.delete': {
          args: (r) => [anyHandle(r)],
          subject: ({ second }, h: number) => second.delete(h),
          oracle: (o, h: number) => o.second.delete(h),
        },
        'second.clear': {
          args: (r) => [r.chance(0.02)],
          subject: ({ second }, really: boolean) => (really ? second.clear() : undefined),
          oracle: (o, really: boolean) => (really ? o.second.clear() : undefined),
        },
        clear: {
          args: (r) => [r.chance(0.02)],
          subject: ({ map }, really: boolean) => (really ? map.clear() : undefined),
          oracle: (o, really: boolean) => {
            if (!really) return;
            o.map.clear();
            o.second.clear();
          },
        },
      },
    });
  });
}

describe('SlotMap', () => {
  test('a full map refuses a value, and keeps what it has', () => {
    const map = new SlotMap<number>({ slotBits: 2 });
    const handles = [0, 1, 2, 3].map((value) => map.insert(value));
    expect(() => map.insert(9)).toThrow(
      'SlotMap.insert: size: got 4, and no free slot, expected fewer than 4 slots, less 0 retired and those that rest',
    );
    expect([map.size, ...map.values()]).toEqual([4, 0, 1, 2, 3]);
    map.delete(handles[1]!);
    expect([map.get(map.insert(9)), map.get(handles[1]!)]).toEqual([9, undefined]);
  });

  test('keeps undefined, which has tells from nothing', () => {
    const map = new SlotMap<number | undefined>();
    const handle = map.insert(undefined);
    expect([map.get(handle), map.has(handle), map.size, map.delete(handle), map.has(handle)]).toEqual([
      undefined,
      true,
      1,
      true,
      false,
    ]);
  });

  test('a value that is gone is let go', () => {
    const map = new SlotMap<object>();
    const handles = Array.from({ length: 8 }, () => map.insert({}));
    for (const handle of handles) map.delete(handle);
    expect((map as unknown as { kept: unknown[] }).kept.filter((value) => value !== undefined)).toEqual([]);
  });

  test('values may come and go while they are visited', () => {
    const map = new SlotMap<string>();
    const [a, b, c] = [map.insert('a'), map.insert('b'), map.insert('c')];
    const seen: string[] = [];
    map.forEach((value, handle, itself) => {
      seen.push(value);
      if (handle !== a) return;
      itself.delete(b);
      itself.delete(c);
      itself.insert('d');
    });
    expect(seen).toEqual(['a', 'd']);
  });

  test('handles and options are those of GenerationalId', () => {
    const rng = random(61);
    const [map, ids] = [
      new SlotMap<null>({ slotBits: 4, bits: 20, reuse: 'cyclic' }),
      new GenerationalId({ slotBits: 4, bits: 20, reuse: 'cyclic' }),
    ];
    for (let n = 0; n < 200; n++) {
      if (ids.size < 16) expect(map.insert(null)).toBe(ids.allocate());
      const one = rng.pick([...ids]);
      if (rng.chance(0.7)) expect([map.slot(one), map.delete(one), ids.free(one)]).toEqual([one & 15, true, true]);
    }
    expect(() => new SlotMap({ slotBits: 31 })).toThrow('new SlotMap: slotBits: got 31, expected an integer 1…30');
    expect(() => new SlotMap({ slots: 3 } as never)).toThrow("new SlotMap: options: got the key 'slots'");
  });

  test('shows itself like a Map, and says what it costs', () => {
    const map = new SlotMap<string>();
    map.insert('a');
    expect(inspect(map)).toBe("SlotMap(1) { 0 => 'a' }");
    expect(inspect({ map }, { depth: 0 })).toBe('{ map: [SlotMap] }');
    expect(map.byteLength).toBe(4 + 4 + 8);
  });
});

describe('SecondaryMap', () => {
  test('lets values of stale handles go', () => {
    const ids = new GenerationalId();
    const names = new SecondaryMap<object>(ids);
    const all = Array.from({ length: 5 }, () => ids.allocate());
    for (const id of all) names.set(id, {});
    ids.free(all[2]!);
    ids.free(all[4]!);
    expect([names.size, [...names.keys()]]).toEqual([3, [0, 1, 3]]);
    expect((names as unknown as { places: unknown[] }).places.filter((place) => place !== undefined).length).toBe(3);
    expect(inspect(names)).toBe('SecondaryMap(3) { 0 => {}, 1 => {}, 3 => {} }');
  });

  test('refuses what hands out no handles', () => {
    for (const bad of [null, undefined, 5, {}, new Map()]) {
      expect(() => new SecondaryMap(bad as never)).toThrow('new SecondaryMap: handles: got');
    }
    expect(() => new SecondaryMap(new SlotMap()).forEach(5 as never)).toThrow('SecondaryMap.forEach: fn: got 5');
  });
});

test('SecondaryMap iterates over keys, values and entries, by slot', () => {
  const map = new SlotMap<string>();
  const handles = ['a', 'b', 'c', 'd'].map((value) => map.insert(value));
  const second = new SecondaryMap<number>(map);
  for (const at of [3, 0, 2]) second.set(handles[at]!, at * 10);
  second.delete(handles[2]!);
  map.delete(handles[1]!);
  const [a, , , d] = handles;
  expect([[...second.keys()], [...second.values()], [...second.entries()]]).toEqual([
    [a, d],
    [0, 30],
    [
      [a, 0],
      [d, 30],
    ],
  ]);
  map.delete(a!);
  expect([[...second.keys()], [...second.values()], [...second.entries()]]).toEqual([[d], [30], [[d, 30]]]);
});
