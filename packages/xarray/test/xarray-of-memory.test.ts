// XArrayOf lets the collector have what it no longer holds.
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { XArrayOf } from '../src/index.ts';

/** The collector, which this process did not ask for when it began. */
const collect = ((): (() => void) | undefined => {
  try {
    setFlagsFromString('--expose-gc');
    return runInNewContext('gc');
  } catch {
    return undefined;
  }
})();

if (!collect) console.warn('XArrayOf: no garbage collector to call, so nothing is known about leaks');

test.skipIf(!collect)('what is erased, replaced, exchanged, cleared or compacted away can be collected', async () => {
  const ways: [string, (array: XArrayOf<object>) => unknown][] = [
    ['erase', (array) => void array.erase(5)],
    ['store undefined', (array) => void array.store(5, undefined)],
    ['store another', (array) => void array.store(5, {})],
    ['cmpxchg', (array) => void array.cmpxchg(5, array.load(5), undefined)],
    ['erase many', (array) => array.forEach((_, index) => void array.erase(index))],
    ['compact', (array) => [array.erase(5), array.compact()]],
    ['clear', (array) => array.clear()],
  ];
  for (const [name, leave] of ways) {
    const array = new XArrayOf<object>({ alloc: 'from0' });
    const weak = (index: number): WeakRef<object> => {
      const value = { index };
      array.store(index, value);
      return new WeakRef(value);
    };
    const others = [weak(4), weak(6)];
    const gone = weak(5);
    await setImmediate();
    collect!();
    expect(gone.deref(), `${name}: still there`).toEqual({ index: 5 });
    leave(array);
    // A WeakRef that was read holds its value to the end of the turn.
    await setImmediate();
    collect!();
    expect(gone.deref(), name).toBeUndefined();
    if (name !== 'clear' && name !== 'erase many')
      expect(others.every((other) => other.deref() !== undefined)).toBe(true);
  }
});
