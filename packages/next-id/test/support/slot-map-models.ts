// SlotMap and SecondaryMap against Maps by handle, with stale handles asked for all the time.
import { expectSame, type Models, modelCase, type Random } from '@idspace/testkit';
import { SecondaryMap, SlotMap, type SlotMapOptions } from '../../src/index.ts';

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

function slotMap(options: SlotMapOptions): ReturnType<typeof modelCase> {
  const map = new SlotMap<string>(options);
  const handles: number[] = [-1];
  const mirror: Oracle = { map: new Map(), second: new Map() };
  let fresh = -1;
  const slotOf = (handle: number): number => handle % 2 ** options.slotBits!;
  const bySlot = <V>(from: Map<number, V>): [number, V][] => [...from].sort(([a], [b]) => slotOf(a) - slotOf(b));
  const anyHandle = (r: Random): number =>
    r.chance(0.9)
      ? handles[Math.max(0, handles.length - 1 - r.below(90))]!
      : r.pick([-1, 0.5, 2 ** 31, 2 ** 53, Number.NaN]);

  return modelCase<Subject, Oracle>({
    subject: { map, second: new SecondaryMap<number>(map) },
    oracle: mirror,
    checkEvery: 100,
    check: ({ map, second }, o) => {
      expectSame([map.size, [...map]], [o.map.size, bySlot(o.map)]);
      expectSame(
        [[...map.keys()], [...map.values()]],
        [bySlot(o.map).map(([h]) => h), bySlot(o.map).map(([, v]) => v)],
      );
      expectSame([second.size, [...second]], [o.second.size, bySlot(o.second)]);
      for (const handle of handles) expectSame(map.get(handle), o.map.get(handle), `${handle}`);
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
}

export const SLOT_MAP_CASES: Models[string] = Object.fromEntries(
  OPTIONS.map((options) => [JSON.stringify(options), () => slotMap(options)]),
);
