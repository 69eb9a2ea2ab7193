// snapshot() and from(): what goes in comes out, and nothing unsound comes in.
import { budget, expectSame, random, withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { seal } from '../src/checksum.ts';
import { XArray, XArrayError, type XArrayErrorCode } from '../src/index.ts';
import { contents, entryFor, expectEmpty, expectSound, MAX_INDEX } from './sound.ts';

const HEADER = 64;
/** Words of the header. */
const CHECKSUM = 14;
const FREE_NODE = 5;
const FREE_COUNT = 6;

/** Arrays that between them have everything: heights, marks, reservations, free nodes, full subtrees. */
function samples(): XArray[] {
  const empty = new XArray();
  const head = new XArray();
  head.store(0, 5);
  head.setMark(0, 1);
  const dense = new XArray({ alloc: 'from0' });
  for (let i = 0; i < 4200; i++) dense.alloc(entryFor(i));
  const mixed = new XArray({ alloc: 'from1' });
  for (const index of [1, 63, 64, 70_000, 2 ** 24, MAX_INDEX]) mixed.store(index, entryFor(index));
  mixed.reserve(65);
  mixed.setMark(65, 0);
  mixed.setMark(70_000, 2);
  mixed.erase(2 ** 24);
  return [empty, head, dense, mixed];
}

/** Puts the right checksum on a snapshot that was tampered with. */
function sign(bytes: Uint8Array): Uint8Array {
  const words = new Int32Array(bytes.buffer);
  seal(words, CHECKSUM);
  return bytes;
}

/** What from() says: a code, or 'sound'. */
function verdict(bytes: Uint8Array): XArrayErrorCode | 'sound' {
  try {
    const array = XArray.from(bytes);
    // Accepted: then it must hold together.
    expectSound(array);
    expect(contents(array).length).toBe(array.size);
    return 'sound';
  } catch (error) {
    if (!(error instanceof XArrayError)) throw error;
    const { offset, message } = error;
    const isWithin = offset >= 0 && offset <= Math.max(bytes.length, HEADER);
    if (!isWithin || !/^XArray\.from: bytes: byte \d+: .+: got .+, expected .+$/s.test(message))
      expect.unreachable(`at ${offset}: ${message}`);
    return error.code;
  }
}

test('a copy has the same content, marks, kind and counters, and is independent', () => {
  for (const array of samples()) {
    const bytes = array.snapshot();
    const copy = XArray.from(bytes);
    expect(contents(copy)).toEqual(contents(array));
    expect([copy.size, copy.height, copy.nodeCount]).toEqual([array.size, array.height, array.nodeCount]);
    for (const mark of [0, 1, 2]) {
      expect(copy.find(0, MAX_INDEX, mark)).toBe(array.find(0, MAX_INDEX, mark));
      expect(copy.marked(mark)).toBe(array.marked(mark));
    }
    copy.store(12, 3);
    bytes.fill(255);
    expect(contents(copy).length).toBeGreaterThan(0);
    expectSound(copy);
  }
  const mixed = XArray.from(samples()[3]!.snapshot());
  expect([mixed.insert(65, 1), mixed.getMark(65, 0), mixed.alloc(9)]).toEqual([false, true, 2]);
});

test('a copy that is emptied is empty', () => {
  for (const array of samples()) {
    const copy = XArray.from(array.snapshot());
    copy.forEach((_, index) => void copy.erase(index));
    copy.release(65);
    expectEmpty(copy);
  }
});

test('snapshot is 64 bytes and 320 per node, whatever the room, and may lie anywhere', () => {
  const array = new XArray({ capacity: 100 });
  array.store(64, 1);
  const bytes = array.snapshot();
  expect(bytes.length).toBe(HEADER + 4 * 320);
  const shifted = new Uint8Array(bytes.length + 3).subarray(3);
  shifted.set(bytes);
  expect(contents(XArray.from(shifted))).toEqual([[64, 1]]);
  expect(contents(XArray.from(Buffer.from(bytes)))).toEqual([[64, 1]]);
});

test('every truncation is refused, and so is a byte too many', () => {
  const bytes = samples()[3]!.snapshot();
  for (let length = 0; length < bytes.length; length++) expectSame(verdict(bytes.slice(0, length)), 'bad-length');
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes);
  expect(verdict(longer)).toBe('bad-length');
});

test('every single byte changed is refused', () => {
  const rng = random(21);
  const bytes = samples()[3]!.snapshot();
  for (let at = 0; at < bytes.length; at++) {
    const kept = bytes[at]!;
    bytes[at] = kept ^ rng.between(1, 255);
    if (verdict(bytes) === 'sound') expect.unreachable(`seed ${rng.seed}, byte ${at}: sound`);
    bytes[at] = kept;
  }
});

test('several bytes changed under a right checksum: refused, or another sound array', () => {
  const rng = random(22);
  const counts: Record<string, number> = {};
  const originals = samples().map((array) => array.snapshot());
  for (let round = 0; round < budget(4000); round++) {
    const bytes = rng.pick(originals).slice();
    for (let n = rng.between(1, 3); n > 0; n--) {
      // Half of the changes in header and meta data, where the structure is.
      const nodes = (bytes.length - HEADER) / 320;
      const at = rng.chance(0.5) ? rng.below(bytes.length) : HEADER + nodes * 256 + rng.below(nodes * 64);
      bytes[at] = rng.pick([0, 1, 255, rng.below(256)]);
    }
    const got = verdict(sign(bytes));
    counts[got] = (counts[got] ?? 0) + 1;
  }
  expect(Object.keys(counts)).toContain('bad-structure');
  expect(counts['bad-checksum']).toBeUndefined();
});

test('noise of any length is refused', () => {
  const rng = random(23);
  for (let round = 0; round < budget(300); round++) {
    const bytes = Uint8Array.from({ length: rng.below(2000) }, () => rng.below(256));
    expect(['bad-length', 'bad-magic']).toContain(verdict(bytes));
  }
});

describe('a header or tree that cannot be, under a right checksum', () => {
  /** Root 3 over leaves 2 (indices 0, 1), 4 (64…127, full) and the free node 5. */
  function build(): {
    bytes: Uint8Array;
    words: Int32Array;
    slot(n: number, i: number): number;
    meta(n: number, w: number): number;
  } {
    const array = new XArray({ alloc: 'from0' });
    for (const index of [0, 1]) array.store(index, 5);
    for (let index = 64; index < 128; index++) array.store(index, 5);
    array.store(128, 5);
    array.erase(128);
    array.setMark(1, 0);
    const bytes = array.snapshot();
    const words = new Int32Array(bytes.buffer);
    const nodes = words[4]!;
    return { bytes, words, slot: (n, i) => 16 + n * 64 + i, meta: (n, w) => 16 + nodes * 64 + n * 16 + w };
  }
  type Built = ReturnType<typeof build>;
  const ROOT = 3;

  test('the tree the cases start from is as described, and sound', () => {
    const { bytes, words, slot, meta } = build();
    expect(verdict(bytes)).toBe('sound');
    const leaf = words[slot(ROOT, 0)]!;
    const full = words[slot(ROOT, 1)]!;
    expect([words[slot(1, 0)], words[meta(ROOT, 2)], words[FREE_COUNT]]).toEqual([ROOT, 2, 1]);
    expect(new Set([ROOT, leaf, full, words[FREE_NODE]]).size).toBe(4);
  });

  const leafOf = ({ words, slot }: Built): number => words[slot(ROOT, 0)]!;
  const fullOf = ({ words, slot }: Built): number => words[slot(ROOT, 1)]!;
  const freeOf = ({ words }: Built): number => words[FREE_NODE]!;
  const cases: [string, XArrayErrorCode, (built: Built) => [word: number, value: number]][] = [
    ['magic', 'bad-magic', () => [0, 1]],
    ['version', 'bad-version', () => [1, 2]],
    ['kind of allocation', 'bad-header', () => [2, 3]],
    ['height', 'bad-header', () => [3, 7]],
    ['a height the tree has not', 'bad-structure', () => [3, 1]],
    ['height 0 with nodes', 'bad-structure', () => [3, 0]],
    ['handles', 'bad-header', () => [4, 1]],
    ['handles beyond the end', 'bad-length', () => [4, 7]],
    ['handles before the end, free node beyond them', 'bad-header', () => [4, 5]],
    ['no handles at all', 'bad-header', () => [4, -1]],
    ['free node out of range', 'bad-header', () => [FREE_NODE, 100]],
    ['free node in the tree', 'bad-structure', () => [FREE_NODE, ROOT]],
    ['free count too high', 'bad-structure', () => [FREE_COUNT, 2]],
    ['free count too low', 'bad-structure', () => [FREE_COUNT, 0]],
    ['size', 'bad-structure', () => [7, 1]],
    ['spare header word', 'bad-header', () => [10, 1]],
    ['number of multi-index entries', 'bad-structure', () => [8, 1]],
    ['number of fill nodes', 'bad-structure', () => [9, 1]],
    ['null node not zero', 'bad-structure', (b) => [b.slot(0, 5), 1]],
    ['null node’s meta not zero', 'bad-structure', (b) => [b.meta(0, 12), 1]],
    ['anchor’s slot 1', 'bad-structure', (b) => [b.slot(1, 1), 3]],
    ['anchor’s present bit 1', 'bad-structure', (b) => [b.meta(1, 0), 3]],
    ['anchor’s high present word', 'bad-structure', (b) => [b.meta(1, 1), 1]],
    ['anchor’s parent', 'bad-structure', (b) => [b.meta(1, 12), 1]],
    ['anchor not present', 'bad-structure', (b) => [b.meta(1, 0), 0]],
    ['anchor full', 'bad-structure', (b) => [b.meta(1, 2), 1]],
    ['anchor without the mark below', 'bad-structure', (b) => [b.meta(1, 4), 0]],
    ['root handle 0', 'bad-structure', (b) => [b.slot(1, 0), 0]],
    ['root handle negative', 'bad-structure', (b) => [b.slot(1, 0), -2]],
    ['child handle out of range', 'bad-structure', (b) => [b.slot(ROOT, 0), 99]],
    ['child reached twice', 'bad-structure', (b) => [b.slot(ROOT, 1), leafOf(b)]],
    ['a cycle', 'bad-structure', (b) => [b.slot(ROOT, 1), ROOT]],
    ['a free node as child', 'bad-structure', (b) => [b.slot(ROOT, 1), freeOf(b)]],
    ['wrong parent', 'bad-structure', (b) => [b.meta(leafOf(b), 12), 1]],
    ['wrong place', 'bad-structure', (b) => [b.meta(leafOf(b), 13), 256]],
    ['wrong shift', 'bad-structure', (b) => [b.meta(ROOT, 13), 12]],
    ['entry without its present bit', 'bad-structure', (b) => [b.meta(leafOf(b), 0), 1]],
    ['child without its present bit', 'bad-structure', (b) => [b.meta(ROOT, 0), 1]],
    ['present bit without a child', 'bad-structure', (b) => [b.meta(ROOT, 0), 7]],
    ['negative entry', 'bad-structure', (b) => [b.slot(leafOf(b), 0), -5]],
    ['entry lost', 'bad-structure', (b) => [b.slot(leafOf(b), 0), 0]],
    ['mark where nothing is', 'bad-structure', (b) => [b.meta(leafOf(b), 4), 6]],
    ['mark not handed up', 'bad-structure', (b) => [b.meta(leafOf(b), 6), 2]],
    ['mark that no entry below has', 'bad-structure', (b) => [b.meta(ROOT, 8), 1]],
    ['full bit over a leaf that is not', 'bad-structure', (b) => [b.meta(ROOT, 2), 3]],
    ['no full bit over a full leaf', 'bad-structure', (b) => [b.meta(ROOT, 2), 0]],
    ['full bit in a leaf', 'bad-structure', (b) => [b.meta(fullOf(b), 2), 1]],
    ['sibling word', 'bad-structure', (b) => [b.meta(leafOf(b), 10), 1]],
    ['spare word', 'bad-structure', (b) => [b.meta(leafOf(b), 15), 1]],
    ['free node that holds something', 'bad-structure', (b) => [b.slot(freeOf(b), 3), 1]],
    ['free list in a cycle', 'bad-structure', (b) => [b.meta(freeOf(b), 12), freeOf(b)]],
  ];

  test.each(cases)('%s: %s', (_, code, tamper) => {
    const built = build();
    const [word, value] = tamper(built);
    expect(built.words[word]).not.toBe(value);
    built.words[word] = value;
    expect(verdict(sign(built.bytes))).toBe(code);
  });

  test('an index above 2³²−1', () => {
    const array = new XArray();
    array.store(MAX_INDEX, 1);
    const bytes = array.snapshot();
    const words = new Int32Array(bytes.buffer);
    const root = 16 + 2 * 64;
    const meta = 16 + words[4]! * 64;
    words[root + 4] = words[root + 3]!;
    words[root + 3] = 0;
    words[meta + 2 * 16] = 16;
    words[meta + 3 * 16 + 13] = 24 | (4 << 8);
    expect(verdict(sign(bytes))).toBe('bad-structure');
  });

  test('a root that should have been lowered', () => {
    const array = new XArray();
    array.store(64, 1);
    const bytes = array.snapshot();
    const words = new Int32Array(bytes.buffer);
    const root = 16 + 2 * 64;
    const meta = 16 + words[4]! * 64;
    words[root] = words[root + 1]!;
    words[root + 1] = 0;
    words[meta + 2 * 16] = 1;
    words[meta + 3 * 16 + 13] = 0;
    expect(() => XArray.from(sign(bytes))).toThrow('more than slot 0 in a root');
  });

  test('the error says where', () => {
    const built = build();
    built.words[built.slot(leafOf(built), 1)] = -7;
    const offset = 4 * built.slot(leafOf(built), 1);
    expect(() => XArray.from(sign(built.bytes))).toThrow(
      `XArray.from: bytes: byte ${offset}: a slot: got -7, expected an entry, 0…2147483647`,
    );
  });
});

describe('from, trusted', () => {
  test('gives the same array', () => {
    for (const array of samples()) {
      const copy = XArray.from(array.snapshot(), { trusted: true });
      expect(copy.snapshot()).toEqual(array.snapshot());
      for (let index = 0; index < 10_000; index++) copy.store(index, 1);
      expectSound(copy);
    }
  });

  test('refuses every truncation and every byte changed all the same', () => {
    const rng = random(24);
    const bytes = samples()[3]!.snapshot();
    const from = (input: Uint8Array) => () => XArray.from(input, { trusted: true });
    const lengths = Array.from(bytes, (_, length) => length);
    for (const length of withinBudget(lengths)) expect(from(bytes.slice(0, length))).toThrow(XArrayError);
    for (const at of withinBudget(lengths, { seed: 2 })) {
      const kept = bytes[at]!;
      bytes[at] = kept ^ rng.between(1, 255);
      expect(from(bytes), `seed ${rng.seed}, byte ${at}`).toThrow(XArrayError);
      bytes[at] = kept;
    }
  });

  test('lets a forged tree pass', () => {
    const bytes = samples()[2]!.snapshot();
    new Int32Array(bytes.buffer)[7] = 1;
    expect(verdict(sign(bytes))).toBe('bad-structure');
    expect(XArray.from(bytes, { trusted: true }).size).toBe(1);
  });

  test('a search that meets a forged node says so', () => {
    const array = new XArray({ alloc: 'from0' });
    for (let i = 0; i < 300; i++) array.alloc(5);
    const whole = array.snapshot();
    let refused = 0;
    for (let word = HEADER / 4; word < whole.length / 4; word++) {
      const bytes = whole.slice();
      new Int32Array(bytes.buffer)[word]! ^= 128;
      const forged = XArray.from(sign(bytes), { trusted: true });
      for (const call of [() => forged.count(3, 290), () => forged.alloc(1), () => forged.findLast(250)]) {
        try {
          call();
        } catch (error) {
          expect((error as Error).message).toBe(
            'XArray: memory: got a node that is not where its words say, expected a sound tree',
          );
          refused++;
        }
      }
    }
    expect(refused).toBeGreaterThan(0);
  });

  test('takes a boolean', () => {
    expect(() => XArray.from(new XArray().snapshot(), { trusted: 'no' as never })).toThrow(
      "XArray.from: trusted: got 'no', expected true or false",
    );
  });
});
