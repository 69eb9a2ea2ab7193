import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type TypedArray, trace } from '../src/index.ts';
import { accessLog } from './support/access-log.ts';

/** A stack that grows, as the packages here do. */
class Stack {
  private values: Float64Array = new Float64Array(2);
  private labels: Uint8Array | null = null;
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const old = this.values;
      this.values = new Float64Array(old.length * 2);
      this.values.set(old);
    }
    this.values[this.length++] = value;
  }

  label(name: number): void {
    this.labels ??= new Uint8Array(4);
    this.labels[0] = name;
  }

  sum(): number {
    let sum = 0;
    for (let i = 0; i < this.length; i++) sum += this.values[i]!;
    return sum;
  }
}

describe('growth', () => {
  test('the new array goes on under the old name', () => {
    const stack = new Stack();
    const { log, sink } = accessLog();
    const tracing = trace({ stack }, sink);
    for (const value of [1, 2, 3]) stack.push(value);
    const v = 'stack.values';
    expect(log).toEqual([`W ${v} 0`, `W ${v} 1`, `R ${v} 0`, `W ${v} 0`, `R ${v} 1`, `W ${v} 1`, `W ${v} 2`]);
    expect(stack.sum()).toBe(6);
    expect(tracing.arrays().get(v)).toEqual(Float64Array.of(1, 2, 3, 0));
    tracing.stop();
    expect(stack.sum()).toBe(6);
  });

  test('the sink can tell the old array from the new', () => {
    const stack = new Stack();
    const lengths: number[] = [];
    const tracing = trace({ stack }, (_array, _element, _isWrite, raw) => lengths.push(raw.length));
    for (const value of [1, 2, 3]) stack.push(value);
    tracing.stop();
    expect(lengths).toEqual([2, 2, 2, 4, 2, 4, 4]);
  });

  test('an array that comes later is seen', () => {
    const stack = new Stack();
    const { log, sink } = accessLog();
    const tracing = trace({ stack }, sink);
    stack.label(7);
    tracing.stop();
    expect(log).toEqual(['W stack.labels 0']);
  });

  test('arrays that change places take the names of their new fields', () => {
    const pair = { front: new Int32Array(2), back: new Int32Array(3) };
    const { front, back } = pair;
    const { log, sink } = accessLog();
    const tracing = trace({ pair }, sink);
    [pair.front, pair.back] = [pair.back, pair.front];
    pair.front[2] = 1;
    expect(log).toEqual(['W pair.front 2']);
    expect(tracing.arrays()).toEqual(
      new Map<string, TypedArray>([
        ['pair.front', back],
        ['pair.back', front],
      ]),
    );
    tracing.stop();
    expect([pair.front, pair.back]).toEqual([back, front]);
    expect(pair.front).toBe(back);
  });

  test('a subarray put in a field counts from its own start', () => {
    const holder: { whole: Int32Array; part: Int32Array | undefined } = { whole: new Int32Array(4), part: undefined };
    const { log, sink } = accessLog();
    const tracing = trace({ holder }, sink);
    const part = holder.whole.subarray(2);
    part[1] = 5;
    holder.part = part;
    holder.part[1] = 6;
    tracing.stop();
    expect(log).toEqual(['W holder.whole 3', 'W holder.part 1']);
    expect(holder.whole[3]).toBe(6);
  });
});

describe('pause, resume, stop', () => {
  test('nothing is reported during a pause, and the plain arrays are at hand', () => {
    const holder = { a: new Int32Array(2) };
    const { a } = holder;
    const { log, sink } = accessLog();
    const tracing = trace({ holder }, sink);
    const kept = holder.a;
    tracing.pause();
    holder.a[0] = 1;
    kept[1] = 2;
    expect(holder.a).toBe(a);
    expect(tracing.recording).toBe(false);
    tracing.resume();
    expect(kept[1]).toBe(2);
    expect(holder.a).toBe(kept);
    tracing.stop();
    expect(log).toEqual(['R holder.a 1']);
  });

  test('an array assigned during a pause is seen afterwards', () => {
    const stack = new Stack();
    const { log, sink } = accessLog();
    const tracing = trace({ stack }, sink);
    tracing.pause();
    for (const value of [1, 2, 3]) stack.push(value);
    tracing.resume();
    stack.push(4);
    tracing.stop();
    expect(log).toEqual(['W stack.values 3']);
  });

  test('stop leaves the object as it would be without the trace', () => {
    const key = Symbol('s');
    const holder = Object.defineProperties({} as Record<PropertyKey, Int32Array>, {
      hidden: { value: new Int32Array(1), configurable: true, writable: true, enumerable: false },
      fixed: { value: new Int32Array(2), configurable: true, writable: false, enumerable: true },
      [key]: { value: new Int32Array(3), configurable: true, writable: true, enumerable: true },
      other: { value: 5, configurable: true, writable: true, enumerable: true },
      computed: { get: () => new Int32Array(1), configurable: true, enumerable: true },
    });
    const before = Object.getOwnPropertyDescriptors(holder);
    const { log, sink } = accessLog();
    const tracing = trace({ holder }, sink);
    expect(Reflect.ownKeys(holder)).toEqual(Reflect.ownKeys(before));
    expect(Object.keys(holder)).toEqual(['fixed', 'other', 'computed']);
    expect(() => (holder.fixed = new Int32Array(1))).toThrow(TypeError);
    holder[key]![0] = holder.hidden![0]!;
    tracing.stop();
    tracing.stop();
    expect(log).toEqual(['R holder.hidden 0', 'W holder.Symbol(s) 0']);
    expect(Object.getOwnPropertyDescriptors(holder)).toEqual(before);
  });

  test('a stand-in that was kept works on, unrecorded', () => {
    const holder = { a: new Int32Array(2) };
    const { log, sink } = accessLog();
    const tracing = trace({ holder }, sink);
    const kept = holder.a;
    tracing.stop();
    kept.fill(3);
    expect(holder.a[1]).toBe(3);
    expect(log).toEqual([]);
    expect(() => tracing.resume()).toThrow(RangeError);
    expect(kept[0]).toBe(3);
    expect(log).toEqual([]);
  });

  test('two traces, one after the other', () => {
    const holder = { a: new Int32Array(2) };
    const { log, sink } = accessLog();
    trace({ first: holder }, sink).stop();
    const tracing = trace({ second: holder }, sink);
    holder.a[0] = 1;
    tracing.stop();
    expect(log).toEqual(['W second.a 0']);
  });
});

describe('what is traced', () => {
  test('a name is one string, whatever the number of accesses', () => {
    const holder = { a: new Int32Array(9), b: new Int8Array(1) };
    const names = new Map<string, number>();
    const tracing = trace({ left: holder, right: { a: holder.a } }, (array) =>
      names.set(array, (names.get(array) ?? 0) + 1),
    );
    holder.a.fill(1);
    holder.b[0] = 1;
    tracing.stop();
    expect(names).toEqual(
      new Map([
        ['left.a', 9],
        ['left.b', 1],
      ]),
    );
  });

  test('a list of arrays, named as an object of its own', () => {
    const table = { rows: [new Int32Array(2), new Int32Array(2)] };
    const { log, sink } = accessLog();
    const tracing = trace({ rows: table.rows }, sink);
    table.rows[1]![0] = 5;
    tracing.stop();
    expect(log).toEqual(['W rows.1 0']);
    expect(table.rows).toEqual([Int32Array.of(0, 0), Int32Array.of(5, 0)]);
  });

  test('a subclass keeps its own methods, and what they touch is seen', () => {
    class Words extends Uint32Array {
      override fill(value: number): this {
        this[0] = value;
        return this;
      }
    }
    const holder = { words: new Words(4) };
    const { log, sink } = accessLog();
    const tracing = trace({ holder }, sink);
    holder.words.fill(9);
    tracing.stop();
    expect(log).toEqual(['W holder.words 0']);
  });

  test('console.log tells state and arrays', () => {
    const tracing = trace({ o: { a: new Int32Array(1), b: null } }, () => {});
    expect(inspect(tracing)).toBe('Trace { recording, o.a }');
    tracing.pause();
    expect(inspect(tracing)).toBe('Trace { paused, o.a }');
    tracing.stop();
    expect(inspect(tracing)).toBe('Trace { stopped, o.a }');
  });
});

describe('misuse', () => {
  const sink = (): void => {};
  const holder = { a: new Int32Array(1) };
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['no object', { o: null }, /objects\.o: got null, expected an object/],
    ['a typed array', { o: new Int32Array(1) }, /objects\.o: got a typed array, expected the object/],
    [
      'nothing to trace',
      { o: { deeper: { a: new Int32Array(1) } } },
      /got 'o', which has none, expected one with a typed array in an own field/,
    ],
    [
      'frozen',
      { o: Object.freeze({ a: new Int32Array(1) }) },
      /objects\.o\.a: got a field that cannot be replaced, expected/,
    ],
    ['one object twice', { o: holder, p: holder }, /objects\.p: got an object that was given before/],
  ])('%s', (_what, objects, message) => {
    expect(() => trace(objects as Record<string, object>, sink)).toThrow(RangeError);
    expect(() => trace(objects as Record<string, object>, sink)).toThrow(message);
    expect(Object.getOwnPropertyDescriptor(holder, 'a')).toHaveProperty('value');
  });

  test('tracing what is being traced', () => {
    const tracing = trace({ holder }, sink);
    expect(() => trace({ holder }, sink)).toThrow(/traced already/);
    tracing.stop();
  });

  test('no sink', () => {
    expect(() => trace({ holder }, undefined as never)).toThrow(/sink: got undefined, expected a function/);
  });
});

test('ArrayBuffer.isView says of a stand-in what it says of an array, until the last trace has ended', () => {
  const own = ArrayBuffer.isView;
  const first = { values: new Int32Array(4) };
  const second = { values: new Int32Array(4) };
  const tracings = [first, second].map((part) => trace({ part }, () => {}));
  const standIn = first.values;
  expect([standIn, second.values, new DataView(new ArrayBuffer(1)), [], {}].map(ArrayBuffer.isView)).toEqual([
    ...[true, true, true],
    ...[false, false],
  ]);
  tracings[1]!.stop();
  expect(ArrayBuffer.isView(standIn)).toBe(true);
  tracings[0]!.stop();
  expect(ArrayBuffer.isView).toBe(own);
  // Where files share a process, traces of other tests may go on: then it is not the engine's.
  if (/native code/.test(Function.prototype.toString.call(own))) expect(own(standIn)).toBe(false);
  expect(own(first.values)).toBe(true);
});

test('an ArrayBuffer.isView that was put in its place meanwhile stays', () => {
  const own = ArrayBuffer.isView;
  const tracing = trace({ part: { values: new Int32Array(4) } }, () => {});
  const other = (value: unknown): value is ArrayBufferView => own(value);
  Reflect.set(ArrayBuffer, 'isView', other);
  tracing.stop();
  const left = ArrayBuffer.isView;
  Reflect.set(ArrayBuffer, 'isView', own);
  expect(left).toBe(other);
});
