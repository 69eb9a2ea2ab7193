// Addresses: every buffer has a place of its own, and misses are found where they are, field by field.
import { CacheSim } from '@idspace/cache-sim';
import { budget, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { AddressMap, type Region, regionsOf, type TypedArray, trace } from '../src/index.ts';

const PAGE = 4096;
const l1 = (): CacheSim => new CacheSim({ levels: [{ name: 'L1', size: 32768, ways: 8, line: 64 }], regions: [] });

describe('the address map', () => {
  test('places buffers on pages of their own, in the order in which they are met', () => {
    const map = new AddressMap();
    const [a, b, empty, c] = [new Uint8Array(PAGE + 1), new Float64Array(3), new Int8Array(0), new Int32Array(1024)];
    expect([a, b, empty, c].map((array) => map.addressOf(array))).toEqual([1, 3, 4, 5].map((page) => page * PAGE));
    expect(map.addressOf(b, 2)).toBe(3 * PAGE + 16);
    expect(map.addressOf(a)).toBe(PAGE);
  });

  test('views of one buffer share its place', () => {
    const map = new AddressMap();
    map.addressOf(new Int8Array(1));
    const buffer = new ArrayBuffer(104);
    const views: TypedArray[] = [new Uint8Array(buffer, 3), new Float64Array(buffer, 8), new Int16Array(buffer)];
    expect(views.map((view) => map.addressOf(view, 1))).toEqual([2 * PAGE + 4, 2 * PAGE + 16, 2 * PAGE + 2]);
  });

  test('leaves room for what grows in place, and gives a grown copy another place', () => {
    const map = new AddressMap();
    const options = { maxByteLength: 3 * PAGE };
    const resizable = new (ArrayBuffer as unknown as new (bytes: number, o: object) => ArrayBuffer)(8, options);
    const shared = new (SharedArrayBuffer as unknown as new (bytes: number, o: object) => SharedArrayBuffer)(
      8,
      options,
    );
    expect([resizable, shared].map((buffer) => map.addressOf(new Uint8Array(buffer)))).toEqual([PAGE, 4 * PAGE]);
    const old = new Int32Array(1);
    const grown = new Int32Array(2);
    grown.set(old);
    expect([map.addressOf(old), map.addressOf(grown), map.addressOf(old)]).toEqual([7 * PAGE, 8 * PAGE, 7 * PAGE]);
  });

  test('takes typed arrays alone', () => {
    for (const wrong of [null, new DataView(new ArrayBuffer(8)), [1], new ArrayBuffer(8)]) {
      expect(() => new AddressMap().addressOf(wrong as never)).toThrow(/expected a typed array/);
    }
  });
});

describe('the address of an access', () => {
  test('is that of the map, whatever the way to the element', () => {
    const buffer = new ArrayBuffer(64);
    const holder = { a: new Int16Array(4), b: new Float64Array(buffer, 16, 4) };
    const addresses = new AddressMap();
    const { a, b } = holder;
    const seen: number[] = [];
    const tracing = trace(
      { holder },
      (_array, element, _isWrite, raw, address) => {
        expect(address).toBe(addresses.addressOf(raw, element));
        seen.push(address);
      },
      { addresses },
    );
    holder.a[3] = 1;
    holder.b.subarray(1, 3).fill(2);
    holder.a.subarray(2).subarray(1)[0]++;
    expect(seen).toEqual([PAGE + 6, 2 * PAGE + 24, 2 * PAGE + 32, PAGE + 6, PAGE + 6]);
    expect([addresses.addressOf(holder.a), addresses.addressOf(holder.b)]).toEqual([PAGE, 2 * PAGE + 16]);
    tracing.stop();
    expect([holder.a, holder.b]).toEqual([a, b]);
  });

  test('lets two traces share one memory', () => {
    const addresses = new AddressMap();
    const seen: number[] = [];
    const sink = (_a: string, _e: number, _w: boolean, _r: TypedArray, address: number): unknown => seen.push(address);
    const [left, right] = [{ a: new Int32Array(1) }, { a: new Int32Array(1) }];
    const traces = [trace({ left }, sink, { addresses }), trace({ right }, sink, { addresses })];
    left.a[0] = right.a[0]!;
    for (const tracing of traces) tracing.stop();
    expect(seen).toEqual([2 * PAGE, PAGE]);
  });

  test('does not lay arrays on top of each other: every line of four arrays misses once', () => {
    const n = 10_000;
    const columns = () => ({ x: new Float64Array(n), y: new Float64Array(n) });
    const [position, velocity] = [columns(), columns()];
    const sim = l1();
    const tracing = trace({ position, velocity }, (_array, _i, isWrite, raw, address) =>
      sim[isWrite ? 'write' : 'read'](address, raw.BYTES_PER_ELEMENT),
    );
    regionsOf(tracing, (region) => sim.addRegion(region));
    for (let entity = 0; entity < n; entity++) {
      position.x[entity]! += velocity.x[entity]!;
      position.y[entity]! += velocity.y[entity]!;
    }
    tracing.stop();
    const { D1mr, D1mw, regions } = sim.stats();
    expect(D1mr + D1mw).toBe((4 * n * 8) / 64);
    expect(regions!.map(({ region, reads, writes, misses }) => [region, reads, writes, misses[0]])).toEqual(
      ['position.x', 'position.y', 'velocity.x', 'velocity.y'].map((name) => [
        name,
        n,
        name.startsWith('p') ? n : 0,
        (n * 8) / 64,
      ]),
    );
  });
});

describe('regionsOf', () => {
  test('has each array, grown ones included, and tells of them before they are used', () => {
    const stack = { values: new Float64Array(2), labels: null as Uint8Array | null };
    const log: string[] = [];
    const tracing = trace({ stack }, (array) => log.push(array));
    regionsOf(tracing, ({ name, start, bytes }) => log.push(`${name} ${start} ${bytes}`));
    const old = stack.values;
    stack.values = new Float64Array(4);
    stack.values.set(old);
    stack.labels = new Uint8Array(3);
    stack.labels[0] = 1;
    expect(log).toEqual([
      `stack.values ${PAGE} 16`,
      `stack.values ${2 * PAGE} 32`,
      ...Array(4).fill('stack.values'),
      `stack.labels ${3 * PAGE} 3`,
      'stack.labels',
    ]);
    expect(regionsOf(tracing).map(({ start }) => start / PAGE)).toEqual([1, 2, 3]);
    tracing.stop();
    expect(regionsOf(tracing)).toHaveLength(3);
  });

  test('gives bytes that several views show to the first, once', () => {
    const buffer = new ArrayBuffer(64);
    const views = {
      middle: new Uint8Array(buffer, 16, 16),
      all: new Float64Array(buffer),
      end: new Int32Array(buffer, 8),
    };
    const regions = regionsOf(trace({ views }, () => {}));
    expect(regions).toEqual([
      { name: 'views.middle', start: PAGE + 16, bytes: 16 },
      { name: 'views.all', start: PAGE, bytes: 16 },
      { name: 'views.all', start: PAGE + 32, bytes: 32 },
    ]);
    regions[0]!.bytes = 0; // a copy
    const pair = { front: new Int32Array(2), back: new Int32Array(2) };
    const tracing = trace({ pair }, () => {});
    [pair.front, pair.back] = [pair.back, pair.front];
    expect(regionsOf(tracing).map(({ name }) => name)).toEqual(['pair.front', 'pair.back']);
    expect(() => regionsOf({} as never)).toThrow(/expected what trace\(\) returned/);
  });

  test('never overlaps and covers every access, whatever views are assigned', () => {
    for (let seed = 1; seed <= budget(60); seed++) {
      const rng = random(seed);
      const buffers = Array.from({ length: 4 }, () => new ArrayBuffer(rng.between(1, 40) * 8));
      const view = (): TypedArray => {
        const buffer = rng.pick(buffers);
        const start = rng.below(buffer.byteLength / 8) * 8;
        const bytes = rng.between(0, (buffer.byteLength - start) / 8) * 8;
        return rng.pick<() => TypedArray>([
          () => new Float64Array(buffer, start, bytes / 8),
          () => new Uint8Array(buffer, start, bytes),
          () => new Int16Array(buffer, start, bytes / 2),
          () => new Int32Array(rng.below(9)),
        ])();
      };
      const holder: Record<string, TypedArray> = { a: view(), b: view(), c: view() };
      const regions: Region[] = [];
      let outside = 0;
      const tracing = trace({ holder }, (_array, _i, _isWrite, raw, address) => {
        const last = address + raw.BYTES_PER_ELEMENT - 1;
        const at = (byte: number) => regions.some(({ start, bytes }) => byte >= start && byte < start + bytes);
        if (!at(address) || !at(last)) outside++;
      });
      regionsOf(tracing, (region) => regions.push(region));
      for (let step = 0; step < 40; step++) {
        if (rng.chance(0.4)) holder[rng.pick(['a', 'b', 'c'])] = view();
        (holder[rng.pick(['a', 'b', 'c'])] as Uint8Array).fill(1);
      }
      tracing.stop();
      const sim = l1();
      for (const region of regions) sim.addRegion(region); // refuses what overlaps
      expect(outside, `seed ${seed}`).toBe(0);
      expect(regionsOf(tracing)).toEqual(regions);
    }
  });
});
