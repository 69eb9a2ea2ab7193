// What a trace cannot see is told by name; and what libraries ask of an array before they use it.
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { trace } from '../src/index.ts';

class Table {
  readonly keys = new Int32Array(4);
  #cells = new Float64Array(4);
  #count = 0;
  #grow(): void {
    this.#count++;
  }
  touch(): number {
    this.#grow();
    return this.#cells[0]! + this.#count + this.keys[0]!; // a.#b in a comment is no field
  }
}

class Derived extends Table {
  #extra = null;
  get extra(): unknown {
    return this.#extra;
  }
}

function makeCounter(): { next(): number } {
  const cells = new Int32Array(1);
  return { next: () => ++cells[0]! };
}

const unseenIn = (objects: Record<string, object>): Record<string, string> => {
  const tracing = trace({ seen: { a: new Int32Array(1) }, ...objects }, () => {});
  const unseen = tracing.unseen();
  tracing.stop();
  expect(tracing.unseen()).toEqual(unseen);
  return Object.fromEntries(unseen.map(({ name, why }) => [name, why]));
};

describe('unseen', () => {
  test('is empty where everything is seen', () => {
    expect(
      unseenIn({ o: { a: new Int32Array(2), n: 5, s: 'x', later: null, other: { deep: [1, { 2: 3 }] } } }),
    ).toEqual({});
  });

  test('names DataViews, buffers, getters and what lies deeper', () => {
    const buffer = new ArrayBuffer(8);
    const o = {
      a: new Int32Array(1),
      view: new DataView(buffer),
      buffer,
      shared: new SharedArrayBuffer(8),
      rows: [[0, new Uint8Array(1)]],
      byName: new Map([['x', { column: new DataView(buffer) }]]),
      get made(): Int32Array {
        return new Int32Array(1);
      },
    };
    expect(unseenIn({ o })).toEqual({
      'o.view': expect.stringMatching(/DataView/),
      'o.buffer': expect.stringMatching(/a buffer: arrays made of it later/),
      'o.shared': expect.stringMatching(/a buffer/),
      'o.rows': expect.stringMatching(/^holds o\.rows\.0\.1: name the object/),
      'o.byName': expect.stringMatching(/^holds o\.byName\.get\(x\)\.column: /),
      'o.made': expect.stringMatching(/getter/),
    });
    expect(unseenIn({ o, rows: o.rows[0]! })['o.rows']).toBeUndefined();
  });

  test('names private fields of all classes, and not their methods', () => {
    const names = Object.keys(unseenIn({ table: new Derived() }));
    expect(names.sort()).toEqual(['table.#cells', 'table.#count', 'table.#extra']);
  });

  test('names objects in which nothing is a typed array, and functions that may hide some', () => {
    const { counter, empty, list, ...rest } = unseenIn({ counter: makeCounter(), empty: { a: null }, list: [1, 2] });
    expect(counter).toMatch(/nothing in it|its functions \(next\) may keep arrays in closures/);
    expect([empty, list]).toEqual(Array(2).fill('nothing in it is a typed array'));
    expect(rest).toEqual({});
  });

  test('names what came after the trace began, until it is traced again', () => {
    const o: Record<string, unknown> = { a: new Int32Array(1) };
    const tracing = trace({ o }, () => {});
    expect(tracing.unseen()).toEqual([]);
    o.late = new Int32Array(1);
    expect(tracing.unseen()).toEqual([{ name: 'o.late', why: expect.stringMatching(/came after trace\(\) began/) }]);
    tracing.stop();
    const again = trace({ o }, () => {});
    expect(again.unseen()).toEqual([]);
    again.stop();
  });

  test('ends with objects in a circle, many of them, and ones that are nothing but traps', () => {
    const circle: Record<string, unknown> = {};
    circle.self = { circle, many: Array.from({ length: 50_000 }, () => ({ circle })) };
    const odd = new Map<unknown, unknown>([[Object.create(null), new Int8Array(1)]]);
    expect(Object.keys(unseenIn({ o: { circle, odd } }))).toEqual(['o', 'o.odd']);
  });

  test('is said too where nothing at all would be seen', () => {
    expect(() => trace({ table: { view: new DataView(new ArrayBuffer(1)) } }, () => {})).toThrow(
      /got 'table', which has none, expected one .*table\.view: a DataView/,
    );
    expect(() => trace({ counter: makeCounter() }, () => {})).toThrow(
      /its functions \(next\) may keep arrays in closures/,
    );
    expect(() => trace({}, () => {})).toThrow(/got no object/);
  });
});

describe('ArrayBuffer.isView', () => {
  const native = ArrayBuffer.isView;
  let trace: typeof import('../src/index.ts').trace;

  // A package of its own: traces that other files have left running keep theirs in its place.
  beforeAll(async () => {
    vi.resetModules();
    ({ trace } = await import('../src/index.ts'));
  });

  const others = [null, 1, [], {}, new ArrayBuffer(1), new Proxy(new Int8Array(1), {})];

  test('is true of a stand-in and its parts, and right of everything else, until the last trace stops', () => {
    const [first, second] = [{ a: new Int32Array(2) }, { b: new Int8Array(1) }];
    const one = trace({ first }, () => {});
    const two = trace({ second }, () => {});
    const kept = first.a;
    for (const tracing of [one, two]) {
      expect([kept, kept.subarray(1), second.b, new DataView(new ArrayBuffer(1))].map(ArrayBuffer.isView)).toEqual([
        true,
        true,
        true,
        true,
      ]);
      expect(others.map(ArrayBuffer.isView)).toEqual(others.map(() => false));
      tracing.stop();
    }
    expect(ArrayBuffer.isView).toBe(native);
    expect(ArrayBuffer.isView(kept)).toBe(false);
    expect(ArrayBuffer.isView.length).toBe(1);
  });

  test('what others put in its place stays', () => {
    const tracing = trace({ o: { a: new Int32Array(1) } }, () => {});
    const during = ArrayBuffer.isView;
    const theirs = ((value: unknown) => during(value)) as typeof ArrayBuffer.isView;
    ArrayBuffer.isView = theirs;
    tracing.stop();
    expect(ArrayBuffer.isView).toBe(theirs);
    expect(ArrayBuffer.isView(new Int8Array(1))).toBe(true);
    ArrayBuffer.isView = native;
  });

  test('lets a library that asks it read a stand-in as an array', () => {
    const holder = { a: Int32Array.of(5, 6) };
    const toArray = (value: ArrayLike<number> | ArrayBuffer): number[] =>
      ArrayBuffer.isView(value) ? Array.from(value as Int32Array) : Array.from(new Int32Array(value as ArrayBuffer));
    let reads = 0;
    const tracing = trace({ holder }, () => reads++);
    expect(toArray(holder.a)).toEqual([5, 6]);
    expect(reads).toBe(2);
    tracing.stop();
  });
});
