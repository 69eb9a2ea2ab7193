// Each method's accesses, counted by hand from ECMA-262 §23.2.3.
import { FailingAllocations } from '@idspace/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Trace, trace } from '../src/index.ts';
import { accessLog } from './support/access-log.ts';

/** What `use` does to a traced [10, 20, 30, 40, 50], as 'r0 w1 …', and what it returns. */
function accesses(use: (a: Int32Array) => unknown): { log: string; result: unknown } {
  const holder = { a: Int32Array.of(10, 20, 30, 40, 50) };
  const { log, sink } = accessLog();
  const tracing = trace({ o: holder }, sink);
  const result = use(holder.a);
  tracing.stop();
  return { log: log.map((line) => line.replace('R o.a ', 'r').replace('W o.a ', 'w')).join(' '), result };
}

const ALL = 'r0 r1 r2 r3 r4';
const BACKWARDS = 'r4 r3 r2 r1 r0';

const cases: [method: string, use: (a: Int32Array) => unknown, log: string][] = [
  ['[]', (a) => a[2], 'r2'],
  ['[]', (a) => (a[2] = 1), 'w2'],
  ['[]', (a) => a[2]!++, 'r2 w2'],
  ['[]', (a) => [a[5], a[-1], a[1.5], (a as never)['1e0'], (a as never)['01'], (a as never)['-0'], a[2 ** 53]], ''],
  ['[]', (a) => (a[5] = 1), ''],
  ['[]', (a) => 2 in a, ''],
  ['at', (a) => [a.at(-1), a.at(0), a.at(5), a.at(-6)], 'r4 r0'],
  ['copyWithin', (a) => a.copyWithin(0, 3), 'r3 w0 r4 w1'],
  ['copyWithin', (a) => a.copyWithin(1, 0, 3), 'r2 w3 r1 w2 r0 w1'],
  ['copyWithin', (a) => a.copyWithin(-1, -2, 99), 'r3 w4'],
  ['copyWithin', (a) => a.copyWithin(3, 4, 1), ''],
  ['entries', (a) => [...a.entries()], ALL],
  ['every', (a) => a.every((value) => value < 25), 'r0 r1 r2'],
  ['fill', (a) => a.fill(7), 'w0 w1 w2 w3 w4'],
  ['fill', (a) => a.fill(7, -2), 'w3 w4'],
  ['fill', (a) => a.fill(7, 1, 2), 'w1'],
  ['fill', (a) => a.fill(7, 3, 1), ''],
  ['filter', (a) => a.filter((value) => value > 25), ALL],
  ['find', (a) => a.find((value) => value === 20), 'r0 r1'],
  ['findIndex', (a) => a.findIndex((value) => value > 55), ALL],
  ['findLast', (a) => a.findLast((value) => value === 40), 'r4 r3'],
  ['findLastIndex', (a) => a.findLastIndex((value) => value < 45), 'r4 r3'],
  ['forEach', (a) => a.forEach((_, i, self) => void self[i]!--), 'r0 r0 w0 r1 r1 w1 r2 r2 w2 r3 r3 w3 r4 r4 w4'],
  ['includes', (a) => a.includes(30), 'r0 r1 r2'],
  ['includes', (a) => a.includes(10, 1), 'r1 r2 r3 r4'],
  ['indexOf', (a) => a.indexOf(20), 'r0 r1'],
  ['indexOf', (a) => a.indexOf(60, -2), 'r3 r4'],
  ['join', (a) => a.join('-'), ALL],
  ['keys', (a) => [...a.keys()], ''],
  ['lastIndexOf', (a) => a.lastIndexOf(40), 'r4 r3'],
  ['lastIndexOf', (a) => a.lastIndexOf(40, 2), 'r2 r1 r0'],
  ['lastIndexOf', (a) => a.lastIndexOf(10, undefined), 'r0'],
  ['lastIndexOf', (a) => a.lastIndexOf(10, -9), ''],
  ['map', (a) => a.map((value) => value + 1), ALL],
  ['reduce', (a) => a.reduce((sum, value) => sum + value), ALL],
  ['reduce', (a) => a.reduce((sum, value) => sum + value, 0), ALL],
  ['reduceRight', (a) => a.reduceRight((sum, value) => sum - value), BACKWARDS],
  ['reverse', (a) => a.reverse(), 'r0 r4 w0 w4 r1 r3 w1 w3'],
  ['set', (a) => a.set([1, 2], 3), 'w3 w4'],
  ['set', (a) => a.set(new Uint8Array(2)), 'w0 w1'],
  ['set', (a) => a.set(a.subarray(2, 4)), 'r2 w0 r3 w1'],
  ['slice', (a) => a.slice(1, -2), 'r1 r2'],
  ['slice', (a) => a.slice(), ALL],
  ['some', (a) => a.some((value) => value === 20), 'r0 r1'],
  ['sort', (a) => a.sort((x, y) => y - x), `${ALL} w0 w1 w2 w3 w4`],
  ['subarray', (a) => a.subarray(1, 4).subarray(1)[0], 'r2'],
  ['subarray', (a) => a.subarray(3).fill(1), 'w3 w4'],
  ['toLocaleString', (a) => a.toLocaleString(), ALL],
  ['toReversed', (a) => a.toReversed(), BACKWARDS],
  ['toSorted', (a) => a.toSorted(), ALL],
  ['toString', (a) => a.toString(), ALL],
  ['values', (a) => a.values().next(), 'r0'],
  ['values', (a) => [...a], ALL],
  ['with', (a) => a.with(-2, 7), 'r0 r1 r2 r4'],
  ['new', (a) => new Float64Array(a), ALL],
  ['from', (a) => Int8Array.from(a), ALL],
];

test.each(cases)('%s %s', (_method, use, log) => {
  const traced = accesses(use);
  expect(traced.log).toBe(log);
  expect(traced.result).toEqual(use(Int32Array.of(10, 20, 30, 40, 50)));
});

test('every method this runtime has is in the list', () => {
  const prototype = Object.getPrototypeOf(Int32Array.prototype);
  const methods = Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .filter(([name, { value }]) => typeof value === 'function' && name !== 'constructor')
    .map(([name]) => name);
  expect(methods.filter((name) => !cases.some(([tested]) => tested === name))).toEqual([]);
});

describe('a stand-in is like its array', () => {
  const holder = { a: new Int32Array(0) };
  const { log, sink } = accessLog();
  let plain: Int32Array;
  let a: Int32Array;
  let tracing: Trace;
  beforeAll(() => {
    plain = holder.a = Int32Array.of(10, 20, 30, 40, 50);
    tracing = trace({ o: holder }, sink);
    a = holder.a;
  });
  beforeEach(() => {
    log.length = 0;
  });
  afterAll(() => tracing.stop());

  test('in what it says of itself', () => {
    expect(a.length).toBe(5);
    expect(a.byteLength).toBe(20);
    expect(a.buffer).toBe(plain.buffer);
    expect(a.BYTES_PER_ELEMENT).toBe(4);
    expect(a.constructor).toBe(Int32Array);
    expect(a instanceof Int32Array).toBe(true);
    expect(Object.prototype.toString.call(a)).toBe('[object Int32Array]');
    expect(Object.keys(a)).toEqual(['0', '1', '2', '3', '4']);
    expect(a.fill).toBe(holder.a.subarray(1).fill);
    expect(log).toEqual([]);
  });

  test('in being the same each time', () => {
    expect(holder.a).toBe(a);
    expect(a.sort()).toBe(a);
    expect(a.fill(3)).toBe(a);
  });

  test('in refusing what it refuses', () => {
    for (const use of [
      (x: Int32Array) => x.map(undefined as never),
      (x: Int32Array) => x.reduce(3 as never),
      (x: Int32Array) => new x.constructor.prototype.fill(),
      (x: Int32Array) => x.with(5, 1),
      (x: Int32Array) => x.set([1, 2, 3], 4),
      (x: Int32Array) => x.set([1], -1),
      (x: Int32Array) => x.subarray(0, 0).reduce((sum, value) => sum + value),
      (x: Int32Array) => x.fill(1n as never),
    ]) {
      const thrown = (array: Int32Array): unknown => {
        try {
          return use(array);
        } catch (error) {
          return (error as Error).constructor;
        }
      };
      expect(thrown(a)).toBe(thrown(plain));
    }
    expect(log).toEqual([]);
  });

  test('a method called on a plain array records nothing', () => {
    const other = Int32Array.of(1, 2);
    a.fill.call(other, 5);
    expect([...other]).toEqual([5, 5]);
    expect(log).toEqual([]);
  });
});

test('a method that gets no memory for its result was not recorded', () => {
  const memory = new FailingAllocations();
  const object = { array: Int32Array.of(3, 1, 2) };
  let seen = 0;
  const running = trace({ object }, () => void seen++);
  const calls: ((array: Int32Array) => unknown)[] = [
    (array) => array.slice(),
    (array) => array.map((x) => x),
    (array) => array.filter((x) => x > 1),
  ];
  const refused = calls.map((call) => memory.attempt(1, () => call(object.array)).refused);
  running.stop();
  memory.uninstall();
  // filter has read all of it by then.
  expect([refused, seen]).toEqual([[true, true, true], 3]);
});

test('keys with a character beside the digits name no element', () => {
  const holder = { a: new Int32Array(100).fill(7) };
  const { log, sink } = accessLog();
  const tracing = trace({ o: holder }, sink);
  const keys = [':', '/', '1:', '1/', '1 ', '٣'];
  expect(keys.map((key) => (holder.a as never)[key])).toEqual(keys.map(() => undefined));
  expect([(holder.a as never)['10'], log.slice()]).toEqual([7, ['R o.a 10']]);
  tracing.stop();
});
