// Snapshots of Ida, SparseXArray and XArrayOf, and into SharedXArray: a copy is the same, and nothing unsound comes in.
import { budget, expectSame, type Random, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { seal } from '../src/checksum.ts';
import { Ida, XArray, XArrayError, type XArrayErrorCode, XArrayOf } from '../src/index.ts';
import { SharedXArray, SharedXArrayError } from '../src/shared/index.ts';
import { SparseXArray } from '../src/sparse/index.ts';
import SNAPSHOTS from './fixtures/snapshots-v1.json' with { type: 'json' };

const U32 = 2 ** 32 - 1;
const HEADER = 64;
const CHECKSUM = 14;

/** What version 1 wrote, as base64: it must be read forever. */
const FIXTURES: Record<string, string> = SNAPSHOTS;

interface Kind {
  /** Something with all there can be. */
  sample(): { snapshot(): Uint8Array };
  /** Something at random. */
  some(rng: Random): { snapshot(): Uint8Array };
  read(bytes: Uint8Array): { snapshot(): Uint8Array };
  /** All that its users can see. */
  seen(made: never): unknown;
}

const PLACES = [0, 31, 32, 63, 64, 1023, 1024, 70_000, 2 ** 20, 2 ** 30, 2 ** 31 - 1];
const somewhere = (rng: Random): number => Math.min(2 ** 31 - 1, rng.pick(PLACES) + rng.below(40));

const marksOf = (array: { getMark(i: number, mark: number): boolean }, index: number): boolean[] =>
  [0, 1, 2].map((mark) => array.getMark(index, mark));

const KINDS: Record<string, Kind> = {
  Ida: {
    sample: () => {
      const ida = new Ida([5, 31, 32, 70_000, 2 ** 31 - 1]);
      ida.reserveRange(1024, 2047);
      // The lowest one freed last waits: its bit is still set.
      ida.allocate();
      ida.free(0);
      return ida;
    },
    some: (rng) => new Ida(Array.from({ length: rng.below(60) }, () => somewhere(rng))),
    read: (bytes) => Ida.from(bytes),
    seen: (ida: Ida) => [ida.size, [...ida], ida.peek()],
  },
  SparseXArray: {
    sample: () => {
      const array = new SparseXArray();
      for (const index of [0, 63, 64, 2 ** 31, U32]) array.store(index, index === 0 ? 1 : 2 ** 31 - 1);
      for (let i = 0; i < 60; i++) array.store(1000 + i * 7919, i + 1);
      array.setMark(63, 0);
      array.setMark(U32, 2);
      array.erase(64);
      return array;
    },
    some: (rng) => {
      const array = new SparseXArray();
      for (let n = rng.below(300); n > 0; n--) {
        const index = rng.chance(0.5) ? rng.u32() : rng.pick(PLACES) + rng.below(200);
        array.store(index, rng.between(1, 2 ** 31 - 1));
        if (rng.chance(0.2)) array.setMark(index, rng.below(3));
      }
      return array;
    },
    read: (bytes) => SparseXArray.from(bytes),
    seen: (array: SparseXArray) => [
      array.size,
      [...array].map(([i, entry]) => [i, entry, marksOf(array, i)]),
      [0, 1, 2].map((m) => array.marked(m)),
    ],
  },
  XArrayOf: {
    sample: () => {
      const array = new XArrayOf<unknown>({ alloc: 'from1' });
      for (const value of ['ä', { a: [1, null, { b: true }] }, 0.5, false, null, '', []]) array.alloc(value);
      array.store(U32, JSON.parse('{"__proto__": 5}'));
      array.reserve(9);
      array.erase(2);
      array.setMark(3, 1);
      return array;
    },
    some: (rng) => {
      const array = new XArrayOf<unknown>({ alloc: rng.pick([undefined, 'from0', 'from1']) });
      for (let n = rng.below(80); n > 0; n--) {
        const index = somewhere(rng);
        array.store(index, rng.pick([rng.u32(), `v${rng.u32()}`, { n: rng.u32() }, [rng.below(5)], true]));
        if (rng.chance(0.2)) array.setMark(index, rng.below(3));
        if (rng.chance(0.2)) array.erase(somewhere(rng));
        if (rng.chance(0.1)) array.reserve(somewhere(rng));
      }
      return array;
    },
    read: (bytes) => XArrayOf.from(bytes),
    seen: (array: XArrayOf<unknown>) => [
      array.size,
      JSON.stringify([...array]),
      [...array].map(([i]) => marksOf(array, i)),
      // Reservations are seen by what cannot be inserted.
      PLACES.map((i) => array.load(i) === undefined && !array.insert(i, undefined) && 'reserved'),
    ],
  },
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What the reader says: a code, or 'sound', and then it writes the same bytes. */
function verdict(kind: Kind, bytes: Uint8Array): XArrayErrorCode | 'sound' {
  try {
    expect(hex(kind.read(bytes).snapshot())).toBe(hex(bytes));
    return 'sound';
  } catch (error) {
    if (!(error instanceof XArrayError)) throw error;
    const { offset, message } = error;
    const isWithin = offset >= 0 && offset <= Math.max(bytes.length, HEADER);
    if (!isWithin || !/^\w+\.from: bytes: byte \d+: .+: got .+, expected .+$/s.test(message))
      expect.unreachable(`at ${offset}: ${message}`);
    return error.code;
  }
}

describe.each(Object.entries(KINDS))('%s', (name, kind) => {
  test('what version 1 wrote is read, and written again byte for byte', () => {
    const bytes = new Uint8Array(Buffer.from(FIXTURES[name]!, 'base64'));
    expect(bytes[4]).toBe(1);
    expect(hex(kind.sample().snapshot())).toBe(hex(bytes));
    expect(hex(kind.read(bytes).snapshot())).toBe(hex(bytes));
    expect(kind.seen(kind.read(bytes) as never)).toEqual(kind.seen(kind.sample() as never));
  });

  test('a copy is the same, and independent of the bytes', () => {
    const rng = random(71);
    for (let round = 0; round < budget(300); round++) {
      const made = kind.some(rng);
      const bytes = made.snapshot();
      const text = hex(bytes);
      const copy = kind.read(bytes);
      bytes.fill(255);
      expect(hex(copy.snapshot()), `seed ${rng.seed}, round ${round}`).toBe(text);
      expect(kind.seen(copy as never), `seed ${rng.seed}, round ${round}`).toEqual(kind.seen(made as never));
    }
  });

  test('every truncation, and a byte or a block too many, is refused', () => {
    const bytes = kind.sample().snapshot();
    for (let length = 0; length < bytes.length; length++)
      expectSame(verdict(kind, bytes.slice(0, length)), 'bad-length');
    for (const more of [1, 4, 64]) {
      const longer = new Uint8Array(bytes.length + more);
      longer.set(bytes);
      expect(verdict(kind, longer)).toBe('bad-length');
    }
  });

  test('every byte changed is refused', () => {
    const rng = random(72);
    const bytes = kind.sample().snapshot();
    for (let at = 0; at < bytes.length; at++) {
      const kept = bytes[at]!;
      bytes[at] = kept ^ rng.between(1, 255);
      if (verdict(kind, bytes) === 'sound') expect.unreachable(`seed ${rng.seed}, byte ${at}: sound`);
      bytes[at] = kept;
    }
  });

  test('words changed under a right checksum: refused, or another sound state', () => {
    const rng = random(73);
    const counts: Record<string, number> = {};
    for (let round = 0; round < budget(6000); round++) {
      const bytes = kind.some(rng).snapshot();
      const words = new Int32Array(bytes.buffer);
      for (let n = rng.between(1, 3); n > 0; n--) {
        const at = rng.chance(0.3) ? rng.between(2, 5) : rng.below(words.length);
        words[at] = rng.pick([0, 1, -1, words[at]! ^ (1 << rng.below(32)), rng.below(100), 2 ** 31 - 1]);
      }
      seal(words, CHECKSUM);
      // Sound, it may be in another form than the writer's: a tree with room, a text with spaces.
      const got = outcome(kind, bytes);
      counts[got] = (counts[got] ?? 0) + 1;
    }
    expect(counts['bad-checksum'], `seed ${rng.seed}`).toBeUndefined();
    expect(Object.keys(counts)).toEqual(expect.arrayContaining(['bad-header', 'bad-length', 'bad-structure', 'sound']));
  });

  test('snapshots of other classes, and what is no bytes', () => {
    for (const [other, { sample }] of Object.entries(KINDS)) {
      if (other !== name) expect(verdict(kind, sample().snapshot())).toBe('bad-magic');
    }
    expect(verdict(kind, new XArray().snapshot())).toBe('bad-magic');
    for (const bad of [null, undefined, 'IDAS', {}, [1], new Int32Array(16), new ArrayBuffer(64)]) {
      expect(() => kind.read(bad as never)).toThrow(`${name}.from: bytes: got`);
    }
  });
});

/** What the reader says of bytes that may be sound in another form. */
function outcome(kind: Kind, bytes: Uint8Array): string {
  try {
    const made = kind.read(bytes);
    expect(kind.seen(kind.read(made.snapshot()) as never)).toEqual(kind.seen(made as never));
    return 'sound';
  } catch (error) {
    if (!(error instanceof XArrayError)) throw error;
    return error.code;
  }
}

describe('XArrayOf', () => {
  test('refuses values that JSON would change', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    class Point {
      x = 1;
    }
    // biome-ignore format: one value in a row
    const bad: unknown[] = [
      () => 1, Symbol('x'), 1n, Number.NaN, Number.POSITIVE_INFINITY, -0, new Date(), new Map(), new Point(), circle, [undefined], new Array(1),
      { a: undefined }, { toJSON: () => 1 }, { [Symbol('a')]: 1 }, { get a() { return 1; } }, Object.assign([1], { extra: 1 }), /x/, new Uint8Array(1),
    ];
    for (const value of bad) {
      const array = new XArrayOf<unknown>();
      array.store(1, { in: [value] });
      expect(() => array.snapshot(), String(typeof value)).toThrow(/^XArrayOf\.snapshot: values: got .*, expected /);
    }
  });

  test('deep values are refused in place of an exhausted stack', () => {
    let deep: unknown = 1;
    for (let n = 0; n < 100_000; n++) deep = [deep];
    const array = new XArrayOf<unknown>();
    array.store(0, deep);
    expect(() => array.snapshot()).toThrow('expected values of at most 1000 levels');
  });

  test('a copy hands out the same indices, and is one of the subclass', () => {
    class Mine extends XArrayOf<string> {}
    const array = new Mine({ alloc: 'from1' });
    for (const value of ['a', 'b', 'c']) array.alloc(value);
    array.erase(2);
    const copy = Mine.from(array.snapshot());
    expect([copy instanceof Mine, copy.alloc('d'), copy.alloc('e'), [...copy]]).toEqual([
      true,
      2,
      4,
      [
        [1, 'a'],
        [2, 'd'],
        [3, 'c'],
        [4, 'e'],
      ],
    ]);
  });
});

describe('SharedXArray.from', () => {
  test('has what an XArray had: entries, marks, reservations, and goes on alike', () => {
    const rng = random(74);
    for (let round = 0; round < budget(100); round++) {
      const array = new XArray({ alloc: rng.pick([undefined, 'from0', 'from1']) });
      for (let n = rng.below(200); n > 0; n--) {
        const index = somewhere(rng);
        if (rng.chance(0.1)) array.reserve(index);
        else array.store(index, rng.between(1, 999));
        if (rng.chance(0.2)) array.setMark(index, rng.below(3));
        if (rng.chance(0.3)) array.erase(somewhere(rng));
      }
      const shared = SharedXArray.from(array.snapshot(), { capacity: 4000 });
      const other = SharedXArray.attach(shared.handle);
      const where = `seed ${rng.seed}, round ${round}`;
      expect([[...other], other.size], where).toEqual([[...array], array.size]);
      expect(
        [...array].map(([i]) => marksOf(other, i)),
        where,
      ).toEqual([...array].map(([i]) => marksOf(array, i)));
      for (let n = 0; n < 100; n++) {
        const index = somewhere(rng);
        expect([other.load(index), other.insert(index, 5)], where).toEqual([array.load(index), array.insert(index, 5)]);
        const gone = somewhere(rng);
        expect(shared.erase(gone), where).toBe(array.erase(gone));
      }
      expect([...XArray.from(shared.snapshot())], where).toEqual([...array]);
      other.detach();
      shared.detach();
    }
  });

  test('refuses what it has no room for, and ranges, which are not shared', () => {
    const large = new XArray();
    for (let i = 0; i < 10_000; i++) large.store(i, 1);
    expect(() => SharedXArray.from(large.snapshot(), { capacity: 10 })).toThrow(SharedXArrayError);
    expect(SharedXArray.from(large.snapshot()).size).toBe(10_000);
    const ranges = new XArray();
    ranges.storeOrder(64, 6, 5);
    expect(() => SharedXArray.from(ranges.snapshot())).toThrow(
      'SharedXArray.from: bytes: got an array with multi-index entries',
    );
    expect(() => SharedXArray.from(new Uint8Array(9))).toThrow(XArrayError);
    expect(() => SharedXArray.from(new XArray().snapshot(), { capacitty: 5 } as never)).toThrow(
      "SharedXArray.from: options: got the key 'capacitty'",
    );
  });
});
