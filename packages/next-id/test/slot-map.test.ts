// SlotMap and SecondaryMap against Maps by handle, with stale handles asked for all the time.
import { inspect } from 'node:util';
import { random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { freeRanges, GenerationalId, IdPool, range, SecondaryMap, SlotMap, takenRanges } from '../src/index.ts';

describe('SlotMap', () => {
  test('a full map refuses a value, and keeps what it has', () => {
    const map = new SlotMap<number>({ slotBits: 2 });
    const handles = [0, 1, 2, 3].map((value) => map.insert(value));
    expect(() => map.insert(9)).toThrow(
      'SlotMap.insert: size: got 4 values and no free slot, expected fewer than the 4 slots, of which 0 are retired and others may rest',
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

  test('clear removes all values', () => {
    const ids = new GenerationalId();
    const names = new SecondaryMap<string>(ids);
    const all = [ids.allocate(), ids.allocate()];
    for (const id of all) names.set(id, 'a');
    names.clear();
    expect([names.size, ...all.map((id) => names.get(id))]).toEqual([0, undefined, undefined]);
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

test('iterators have the methods of an Iterator where the engine has them, and their types', () => {
  const [map, pool, ids] = [new SlotMap<string>(), new IdPool({ max: 9 }), new GenerationalId()];
  const second = new SecondaryMap<string>(map);
  const numbers: MapIterator<number>[] = [map.keys(), second.keys(), ids[Symbol.iterator](), range(pool)];
  const others: MapIterator<string | [number, string | number]>[] = [
    ...[map, second].flatMap((made) => [made.values(), made.entries(), made[Symbol.iterator]()]),
    ...[takenRanges(pool), freeRanges(pool)],
  ];
  const expected = 'Iterator' in globalThis ? 'function' : 'undefined';
  for (const each of [...numbers, ...others]) expect(typeof (each as { map?: unknown }).map).toBe(expected);
});

test('forEach of SlotMap and SecondaryMap has a thisArg, as that of a Map', () => {
  const map = new SlotMap<string>();
  const second = new SecondaryMap<string>(map);
  const handle = map.insert('a');
  second.set(handle, 'b');
  const seen: unknown[] = [];
  function see(this: unknown, ...given: unknown[]): void {
    seen.push([this, ...given]);
  }
  map.forEach(see, seen);
  second.forEach(see, seen);
  expect(seen).toEqual([
    [seen, 'a', handle, map],
    [seen, 'b', handle, second],
  ]);
});
