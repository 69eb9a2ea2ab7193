// Watching: accesses that are passed on when they are made. What code reports is what it reports to a recording.
import { afterEach, expect, test } from 'vitest';
import { instrument } from '../src/instrument.ts';
import { hooks, type TypedArray, type Watch, watch } from '../src/watching.ts';
import { instrumented, recorded } from './support/programs.ts';

const made: Watch[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.stop();
});

/** Returns a function of instrumented code that reports to a watch. */
function watchedCode(body: string, ...variables: string[]): (...values: unknown[]) => unknown {
  const code = instrumented(body, { recorder: 'watching' });
  const run = new Function('require', ...variables, code);
  return (...values) => run(() => ({ hooks }), ...values);
}

/** Starts a watch that writes down what is done to some arrays: 'write 3 = 7'. */
function watched(arrays: readonly TypedArray[]): { log: string[]; watching: Watch } {
  const log: string[] = [];
  const watching = watch((array) => {
    if (!arrays.includes(array)) return null;
    return (element, isWrite, of) => log.push(`${isWrite ? 'write' : 'read'} ${element} = ${of[element]}`);
  });
  made.push(watching);
  watching.resume();
  return { log, watching };
}

test('an access is passed on when it is made: memory is as it is then', () => {
  const array = new Int32Array(4);
  const { log } = watched([array]);
  watchedCode('a[1] = 5; a[1] = a[1] + 1; a[2] = a[1]; a[3]++; return a[9];', 'a')(array);
  expect(log).toEqual([
    'write 1 = 5',
    'read 1 = 5',
    'write 1 = 6',
    'read 1 = 6',
    'write 2 = 6',
    // The read of an update is passed on when that is done.
    'read 3 = 1',
    'write 3 = 1',
  ]);
});

test('an array without a watcher is left alone; another at the same place is seen', () => {
  const [one, other] = [new Int32Array(2), new Int32Array(2)];
  const { log } = watched([other]);
  const code = watchedCode('for (const a of arrays) a[0] = 7;', 'arrays');
  code([one, other, one, other, [0], { 0: 1 }, 'text']);
  expect(log).toEqual(['write 0 = 7', 'write 0 = 7']);
});

test('an array with an iterator of its own is iterated by it', () => {
  const array = Int32Array.of(1, 2);
  array[Symbol.iterator] = function* () {
    yield 7;
  } as never;
  const { log } = watched([array]);
  expect(watchedCode('return [...a];', 'a')(array)).toEqual([7]);
  expect(log).toEqual([]);
});

test('methods report each element of each array that is watched', () => {
  const [from, to] = [Int32Array.of(1, 2), new Int32Array(3)];
  const { log } = watched([from, to]);
  watchedCode('to.set(from, 1); to.fill(9, 0, 1); return [...from, to.indexOf(1)];', 'from', 'to')(from, to);
  expect(log.map((line) => line.replace(/ =.*/, ''))).toEqual([
    'read 0',
    'write 1',
    'read 1',
    'write 2',
    'write 0',
    'read 0',
    'read 1',
    'read 0',
    'read 1',
  ]);
});

test('an array that is watched after a method has met it is seen by that method, too', () => {
  const arrays: TypedArray[] = [];
  const { log } = watched(arrays);
  const fill = watchedCode('a.fill(3);', 'a');
  const array = new Int32Array(1);
  fill(array);
  arrays.push(array);
  fill(array);
  expect(log).toEqual(['write 0 = 3']);
});

test('what a method of an array without a watcher reads of another is seen', () => {
  const [from, to] = [Int32Array.of(1, 2), new Int32Array(3)];
  const { log } = watched([from]);
  const code = watchedCode('to.set(from, 1); return [...to];', 'from', 'to');
  expect(code(from, to)).toEqual([0, 1, 2]);
  expect(log).toEqual(['read 0 = 1', 'read 1 = 2']);
});

test('two arrays that one place meets in turn keep their watchers, also after a pause', () => {
  const [one, other] = [new Int32Array(1), Float64Array.of(1, 2)];
  const { log, watching } = watched([one, other]);
  const code = watchedCode('for (const a of arrays) a[a.length - 1]++;', 'arrays');
  code([one, other, one]);
  watching.pause();
  code([one, other]);
  watching.resume();
  code([other, Object.preventExtensions(new Int32Array(3)), one]);
  expect(log.filter((line) => line.startsWith('write'))).toEqual([
    'write 0 = 1',
    'write 1 = 3',
    'write 0 = 2',
    'write 1 = 5',
    'write 0 = 4',
  ]);
});

test('it sees what a recording sees', () => {
  const body = `
    const a = new Float64Array(8); let n = 0;
    for (let i = 0; i < 8; i++) a[i] = i * i;
    for (const x of a) n += x;
    a[2] += a[3]; a[4]--; [a[5], a[6]] = [a[6], a[5]]; a['7'] = 1; a[8] = 2;
    return n + a.subarray(2).reduce((x, y) => x + y) + Atomics.add(new Int32Array(2), 1, 3) + Math.max(...a);`;
  const all = recorded(body);
  const log: string[] = [];
  const watching = watch(() => (element, isWrite, { BYTES_PER_ELEMENT: bytes }) => {
    log.push(`${isWrite ? 'write' : 'read'} ${element * bytes}`);
  });
  made.push(watching);
  watching.resume();
  expect(watchedCode(body)()).toBe(all.value);
  // Kinds, in their order: addresses are numbered otherwise in a part of an array.
  const kinds = (lines: string[]): string[] => lines.map((line) => line.split(' ')[0]);
  expect(kinds(log)).toEqual(kinds(all.log));
});

test('it can pause, go on and stop; nothing is passed on before it begins', () => {
  const array = new Int32Array(1);
  const log: number[] = [];
  const watching = watch(() => (_element, _isWrite, of) => log.push(of[0] as number));
  made.push(watching);
  const put = watchedCode('a[0] = value;', 'a', 'value');
  const states: boolean[] = [];
  const step = (value: number): void => {
    put(array, value);
    states.push(watching.recording);
  };
  step(1);
  watching.resume();
  step(2);
  watching.resume();
  watching.pause();
  step(3);
  watching.resume();
  step(4);
  watching.stop();
  watching.stop();
  step(5);
  expect(log).toEqual([2, 4]);
  expect(states).toEqual([false, true, false, true, false]);
  expect(() => watching.resume()).toThrow('Watch.resume: this: got a stopped watch, expected one that was not stopped');
});

test('two watches take turns, each with its own arrays', () => {
  const array = new Int32Array(1);
  const put = watchedCode('a[0] = 1;', 'a');
  const one = watched([array]);
  const log: string[] = [];
  const other = watch(() => () => log.push('other'));
  made.push(other);
  expect(() => other.resume()).toThrow('Watch.resume: this: got a second watch, expected the other one paused');
  put(array);
  one.watching.pause();
  other.resume();
  put(array);
  other.pause();
  one.watching.resume();
  put(array);
  expect(one.log.length).toBe(2);
  expect(log).toEqual(['other']);
});

test('errors say what is wrong', () => {
  expect(() => watch(3 as never)).toThrow('watch: watcherOf: got 3, expected a function');
  expect(instrument('a[0]', { file: 'a.js', recorder: 'elsewhere' }).code).toContain('elsewhere');
});
