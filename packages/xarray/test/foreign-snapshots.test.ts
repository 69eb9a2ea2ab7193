// What a class says of a snapshot that another class wrote, and of one that claims to be its own.
import { describe, expect, test } from 'vitest';
import { seal } from '../src/checksum.ts';
import { Ida, IntMap, TypedMap, XArray, XArrayError, XArrayOf } from '../src/index.ts';
import { SharedXArray } from '../src/shared/index.ts';
import { SparseXArray } from '../src/sparse/index.ts';

const CLASSES = { Ida, IntMap, SharedXArray, SparseXArray, TypedMap, XArray, XArrayOf } as const;
type Name = keyof typeof CLASSES;

/** The classes whose snapshots are the same kind. */
const kindOf = (name: Name): Name => (name === 'SharedXArray' ? 'XArray' : name);

const made: Record<Name, () => { snapshot(): Uint8Array }> = {
  Ida: () => new Ida([1]),
  IntMap: () => new IntMap([[65, 1]]),
  SharedXArray: () => new SharedXArray({ capacity: 30 }),
  SparseXArray: () => new SparseXArray(),
  TypedMap: () => new TypedMap('f64', [[1, 2]]),
  XArray: () => {
    const array = new XArray();
    array.store(1, 5);
    return array;
  },
  XArrayOf: () => new XArrayOf(),
};

const NAMES = Object.keys(CLASSES) as Name[];
const PAIRS = NAMES.flatMap((reader) => NAMES.map((writer) => ({ reader, writer })));

test.each(PAIRS)('$reader.from reads a snapshot of $writer, or refuses it by name', ({ reader, writer }) => {
  const bytes = made[writer]().snapshot();
  const read = () => (CLASSES[reader] as { from(bytes: Uint8Array): { snapshot(): Uint8Array } }).from(bytes);
  if (kindOf(reader) === kindOf(writer)) {
    expect(read().snapshot()).toEqual(bytes);
    return;
  }
  expect(read).toThrow(XArrayError);
  expect(read).toThrow(expect.objectContaining({ code: 'bad-magic', offset: 0 }));
  expect(read).toThrow(
    new RegExp(
      `^${reader}\\.from: bytes: byte 0: the magic number: got 0x\\w{8} \\(${kindOf(writer)}\\), expected 0x\\w{8} \\(${kindOf(reader)}\\)$`,
    ),
  );
});

test('bytes of no class are refused by their first word', () => {
  expect(() => XArray.from(new Uint8Array(64))).toThrow(
    'XArray.from: bytes: byte 0: the magic number: got 0x00000000, expected 0x52524158 (XArray)',
  );
});

describe('an array that claims to be an IntMap', () => {
  const CHECKSUM = 14;
  /** The snapshot of an array with the magic number of an IntMap. */
  function claimed(array: XArray): Uint8Array {
    const bytes = array.snapshot();
    const words = new Int32Array(bytes.buffer);
    words[0] = new Int32Array(new IntMap().snapshot().buffer)[0]!;
    seal(words, CHECKSUM);
    return bytes;
  }

  test('is read if all its entries are of one index', () => {
    const array = new XArray();
    array.store(65, 7);
    expect([...IntMap.from(claimed(array))]).toEqual([[65, 6]]);
  });

  test.each([true, false])('is refused with multi-index entries, trusted: %s', (trusted) => {
    const array = new XArray();
    array.storeOrder(64, 2, 7);
    expect(() => IntMap.from(claimed(array), { trusted })).toThrow(
      'IntMap.from: bytes: byte 32: the number of multi-index entries: got 1, expected 0…0',
    );
  });

  test('is refused if it allocates', () => {
    expect(() => IntMap.from(claimed(new XArray({ alloc: 'from1' })))).toThrow(
      'IntMap.from: bytes: byte 8: the kind of allocation: got 2, expected 0…0',
    );
  });

  test.each([0, 5, 70])('is refused with a reservation at %i', (index) => {
    const array = new XArray();
    array.store(1, 5);
    array.reserve(index);
    expect(() => IntMap.from(claimed(array))).toThrow(/a slot: got 0, expected a value plus one where a key is$/);
  });
});

describe('a constructor names the place of what it refuses', () => {
  test.each([
    [
      'IntMap, a key',
      () =>
        new IntMap([
          [1, 1],
          ['a' as never, 1],
        ]),
      "new IntMap: entries[1]: key: got 'a', expected an integer 0…4294967295",
    ],
    [
      'IntMap, a value',
      () => new IntMap([[1, -1]]),
      'new IntMap: entries[0]: value: got -1, expected an integer 0…2147483646',
    ],
    [
      'IntMap, a number',
      () => new IntMap([[1, 1], 2 as never]),
      'new IntMap: entries[1]: got 2, expected [key, value]',
    ],
    [
      'TypedMap, a key',
      () =>
        new TypedMap('f64', [
          [1, 1],
          [-1, 1],
        ]),
      'new TypedMap: entries[1]: key: got -1, expected an integer 0…4294967295',
    ],
    [
      'TypedMap, a value',
      () => new TypedMap('i32', [[1, 0.5]]),
      /^new TypedMap: entries\[0\]: value: got 0\.5, expected /,
    ],
    [
      'TypedMap, a string',
      () => new TypedMap('i32', ['b' as never]),
      "new TypedMap: entries[0]: got 'b', expected [key, value]",
    ],
    ['Ida', () => new Ida([1, 2, '3' as never]), "new Ida: ids[2]: got '3', expected an integer 0…2147483647"],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(RangeError);
    expect(make).toThrow(message);
  });

  test('and passes on what else is thrown meanwhile', () => {
    function* failing(): Generator<[number, number]> {
      yield [1, 1];
      throw new Error('the file ended');
    }
    expect(() => new IntMap(failing())).toThrow('the file ended');
  });
});
