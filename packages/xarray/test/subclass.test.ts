// Static calls on a subclass make objects of the subclass; taken off their class they make plain ones.
import { describe, expect, test } from 'vitest';
import { IntMap, TypedMap, type ValueType, XArray, type XArrayOptions } from '../src/index.ts';
import { type AttachOptions, SharedXArray, SharedXArrayError, type SharedXArrayOptions } from '../src/shared/index.ts';

class SubMap extends IntMap {
  readonly label = 'map';
}

class SubTyped extends TypedMap<ValueType> {
  readonly label = 'typed';
}

class SubArray extends XArray {
  readonly label: string;
  constructor(options?: XArrayOptions) {
    super({ ...options, capacity: 7 });
    this.label = 'array';
  }
}

/** Says for itself whether it allocates. */
class FixedArray extends XArray {
  constructor() {
    super({ alloc: 'from1' });
  }
}

class SubShared extends SharedXArray {
  readonly label = 'shared';
}

/** Keeps its arguments to itself, so that it cannot be attached. */
class Deaf extends SharedXArray {
  constructor(_options?: SharedXArrayOptions) {
    super({ capacity: 10 });
  }
}

describe('from', () => {
  const array = new XArray({ alloc: 'from0' });
  for (let i = 0; i < 100; i++) array.alloc(i + 1);
  const bytes = array.snapshot();
  const mapBytes = new IntMap(Array.from({ length: 100 }, (_, key) => [key, key] as const)).snapshot();

  test('of IntMap', () => {
    const map = SubMap.from(mapBytes);
    expect([map instanceof SubMap, map.label, map.get(5), map.size]).toEqual([true, 'map', 5, 100]);
    expect(IntMap.from(mapBytes).constructor).toBe(IntMap);
  });

  test('of TypedMap', () => {
    const typed = new TypedMap('i64', [[5, 6n]]).snapshot();
    const map = SubTyped.from(typed);
    expect([map instanceof SubTyped, map.label, map.type, map.get(5)]).toEqual([true, 'typed', 'i64', 6n]);
    expect(TypedMap.from(typed).constructor).toBe(TypedMap);
  });

  test('of XArray, whatever its constructor makes of `alloc`', () => {
    const sub = SubArray.from(bytes);
    expect([sub.constructor, sub.label, sub.load(5), sub.alloc(9)]).toEqual([SubArray, 'array', 6, 100]);
    const fixed = FixedArray.from(new XArray({ alloc: 'from0' }).snapshot());
    expect([fixed.constructor, fixed.alloc(9)]).toEqual([FixedArray, 0]);
    expect(() => FixedArray.from(new XArray().snapshot()).alloc(9)).toThrow('does not allocate');
    expect(XArray.from(bytes).constructor).toBe(XArray);
  });

  test('as a function of its own', async () => {
    const { from } = XArray;
    expect([...(await Promise.resolve(bytes).then(from))]).toEqual([...array]);
    expect((await Promise.resolve(mapBytes).then(IntMap.from)).get(7)).toBe(7);
    const typed = new TypedMap('f64', [[7, 0.5]]).snapshot();
    expect((await Promise.resolve(typed).then(TypedMap.from)).get(7)).toBe(0.5);
  });
});

describe('attach', () => {
  test('of SharedXArray', () => {
    const made = new SubShared({ capacity: 10 });
    made.store(1, 2);
    const options: AttachOptions = { owner: 9 };
    const theirs = SubShared.attach(made.handle, options);
    expect([theirs.constructor, theirs.label, theirs.owner, theirs.load(1)]).toEqual([SubShared, 'shared', 9, 2]);
    expect(SharedXArray.attach(made.handle).constructor).toBe(SharedXArray);
    const { attach } = SharedXArray;
    expect((attach as (handle: SharedArrayBuffer) => SharedXArray)(made.handle).load(1)).toBe(2);
  });

  test('of a subclass that makes an array of its own instead', () => {
    const { handle } = new SharedXArray({ capacity: 10 });
    expect(() => Deaf.attach(handle)).toThrow(SharedXArrayError);
    expect(() => Deaf.attach(handle)).toThrow('must hand on all its arguments');
  });
});
