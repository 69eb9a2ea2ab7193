// snapshot, poolFrom, GenerationalId.snapshot and from: a copy goes on as the original, and nothing unsound comes in.
import { budget, type Random, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { seal } from '../src/checksum.ts';
import {
  GenerationalId,
  IdPool,
  NextIdError,
  type NextIdErrorCode,
  poolFrom,
  quarantine,
  type Reuse,
  snapshot,
} from '../src/index.ts';
import { sharedPoolFrom } from '../src/shared/index.ts';
import SNAPSHOTS from './fixtures/snapshots-v1.json' with { type: 'json' };

const UINT_MAX = 2 ** 32 - 1;
/** Bytes of the header, and the word in it where the checksum is. */
const HEADER = 64;
const CHECKSUM = 14;
const REUSES: Reuse[] = ['lowest', 'cyclic', { delay: 0 }, { delay: 1 }, { delay: 5 }];

/** Bytes as text, which is quick to compare. */
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The calls that both classes have. */
interface Ids {
  allocate(): number;
  free(id: number): boolean;
  has(id: number): boolean;
  reserve(id: number): boolean;
  readonly size: number;
}

/** One step at random; of an ID near those seen. Returns all that there is to see. */
function step(ids: Ids, choice: number, id: number): unknown {
  if (choice < 45) return ids.allocate();
  return choice < 90 ? ids.free(id) : [ids.reserve(id), ids.has(id), ids.size];
}

/** Plays the same random calls on both. */
function playBoth(rng: Random, steps: number, original: Ids, copy: Ids, anId: () => number): void {
  for (let n = 0; n < steps; n++) {
    const [choice, id] = [rng.below(100), anId()];
    const [got, expected] = [step(copy, choice, id), step(original, choice, id)].map(String);
    if (got !== expected) expect(got, `seed ${rng.seed}, step ${n}`).toBe(expected);
  }
}

describe('a copy goes on as the original, call for call', () => {
  test('of an empty pool: its size is 0, not −0', () => {
    expect(poolFrom(snapshot(new IdPool())).size).toBe(0);
  });

  // One word, one full word of words, a full level and beyond; both ends of u32.
  const ranges = [
    [0, 0],
    [7, 38],
    [0, 32],
    [0, 1023],
    [100, 1124],
    [UINT_MAX - 63, UINT_MAX],
  ] as const;
  for (const reuse of REUSES) {
    test(`IdPool, ${JSON.stringify(reuse)}`, () => {
      const rng = random(31);
      for (const [min, max] of ranges) {
        if (typeof reuse === 'object' && reuse.delay > max - min) continue;
        const anId = (): number => rng.between(min, max);
        for (let round = 0; round < budget(60); round++) {
          const original = new IdPool({ min, max, reuse });
          // From empty to full, on average.
          for (let n = rng.below(2 * (max - min + 3)); n > 0; n--) original.allocate();
          for (let n = rng.below(60); n > 0; n--) step(original, rng.below(100), anId());
          const bytes = snapshot(original);
          const copy = poolFrom(bytes);
          expect([copy.min, copy.max, copy.size]).toEqual([min, max, original.size]);
          expect(hex(snapshot(copy)), `seed ${rng.seed}: the same bytes again`).toBe(hex(bytes));
          playBoth(rng, 100, original, copy, anId);
          expect(hex(snapshot(copy))).toBe(hex(snapshot(original)));
        }
      }
    });

    test(`GenerationalId, ${JSON.stringify(reuse)}`, () => {
      const rng = random(32);
      for (const slotBits of [3, 6, 11, 30]) {
        for (let round = 0; round < budget(60); round++) {
          const original = new GenerationalId({ slotBits, reuse });
          const seen = [0];
          const slots = Math.min(2 ** slotBits, 3000);
          const anId = (): number =>
            rng.chance(0.8)
              ? rng.pick(seen)
              : rng.below(slots) + 2 ** slotBits * rng.below(2 ** Math.min(2, 31 - slotBits));
          for (let n = rng.below(200); n > 0; n--) {
            if (rng.chance(0.6)) seen.push(Math.max(0, original.allocate()));
            else step(original, rng.below(100), anId());
          }
          const copy = GenerationalId.from(original.snapshot());
          expect(hex(copy.snapshot()), `seed ${rng.seed}`).toBe(hex(original.snapshot()));
          expect(
            seen.map((id) => copy.slot(id)),
            `seed ${rng.seed}`,
          ).toEqual(seen.map((id) => original.slot(id)));
          playBoth(rng, 100, original, copy, anId);
          expect(hex(copy.snapshot())).toBe(hex(original.snapshot()));
        }
      }
    });
  }

  test('no stale ID is live again: the generations of free slots are kept', () => {
    const original = new GenerationalId({ slotBits: 8 });
    const stale = Array.from({ length: 40 }, () => original.allocate());
    for (const id of stale) original.free(id);
    const copy = GenerationalId.from(original.snapshot());
    const fresh = stale.map(() => copy.allocate());
    expect(fresh.map((id) => copy.slot(id))).toEqual(stale.map((id) => copy.slot(id + 2 ** 8)));
    expect(stale.filter((id) => copy.has(id))).toEqual([]);
  });

  test('a generation that wrapped to 0, of a slot that rests or lies under the cursor', () => {
    for (const reuse of ['cyclic', { delay: 3 }] as Reuse[]) {
      const original = new GenerationalId({ slotBits: 30, reuse });
      for (let n = 0; n < 5; n++) original.free(original.allocate());
      for (let n = 0; n < 4; n++) original.free(original.allocate());
      const copy = GenerationalId.from(original.snapshot());
      for (let n = 0; n < 20; n++) expect(copy.allocate()).toBe(original.allocate());
    }
  });

  test('a copy is independent of the bytes and of the original', () => {
    const pool = new IdPool({ min: 1 });
    pool.reserve(5);
    const bytes = snapshot(pool);
    const copy = poolFrom(bytes);
    bytes.fill(255);
    pool.free(5);
    expect([copy.has(5), copy.size, copy.allocate()]).toEqual([true, 1, 1]);
  });

  test('bytes may lie anywhere, and a subclass makes one of its own', () => {
    class Mine extends GenerationalId {}
    const ids = new Mine({ slotBits: 9 });
    const id = ids.allocate();
    const shifted = new Uint8Array(ids.snapshot().length + 3).subarray(3);
    shifted.set(ids.snapshot());
    const copy = Mine.from(Buffer.from(shifted));
    expect([copy instanceof Mine, copy.slotBits, copy.has(id)]).toEqual([true, 9, true]);
    const { from } = GenerationalId;
    expect(from.call(undefined, shifted).size).toBe(1);
  });

  test('is as long as what is in use, and memory after a peak is not taken again', () => {
    const pool = new IdPool({ reuse: { delay: 8 } });
    expect(snapshot(pool).length).toBe(HEADER + 64);
    pool.reserve(1_000_000);
    expect(snapshot(pool).length).toBe(Math.ceil((HEADER + 8 * 4 + 4 * Math.ceil(1_000_001 / 32)) / 64) * 64);
    const lowest = new IdPool();
    lowest.reserve(1_000_000);
    lowest.free(1_000_000);
    expect(poolFrom(snapshot(lowest)).byteLength).toBe(4);
  });

  test('up to the last ID of u32', () => {
    const pool = new IdPool({ max: UINT_MAX, reuse: { delay: 2 } });
    pool.reserve(2 ** 20);
    for (let n = 0; n < 2; n++) pool.free(pool.allocate());
    expect([poolFrom(snapshot(pool)).allocate(), pool.allocate()]).toEqual([2, 2]);
    const top = new IdPool({ min: UINT_MAX - 1, max: UINT_MAX, reuse: 'cyclic' });
    top.reserve(UINT_MAX);
    expect(poolFrom(snapshot(top)).has(UINT_MAX)).toBe(true);
  });
});

/** Snapshots that earlier versions have written: they must be read forever. */
const FIXTURES: Record<string, string> = SNAPSHOTS;

test('what version 1 wrote is read, and written again byte for byte', () => {
  const written = samples().slice(0, 4);
  expect(Object.keys(FIXTURES)).toEqual(['IdPool, lowest', 'IdPool, cyclic', 'IdPool, delayed', 'GenerationalId']);
  Object.values(FIXTURES).forEach((text, n) => {
    const bytes = new Uint8Array(Buffer.from(text, 'base64'));
    expect(bytes[4]).toBe(1);
    expect(written[n]!.read(bytes)).toEqual(bytes);
    expect(written[n]!.bytes).toEqual(bytes);
  });
  const cyclic = poolFrom(new Uint8Array(Buffer.from(FIXTURES['IdPool, cyclic']!, 'base64')));
  expect([cyclic.min, cyclic.max, cyclic.size, cyclic.has(7), cyclic.allocate()]).toEqual([3, 90, 39, false, 43]);
  const ids = GenerationalId.from(new Uint8Array(Buffer.from(FIXTURES.GenerationalId!, 'base64')));
  expect([ids.size, ids.bits, ids.wrap, ids.has(3), ids.has(5), ids.allocate()]).toEqual([
    17,
    31,
    'around',
    false,
    true,
    67,
  ]);
});

/** Pools and IDs that between them have everything, as bytes, and how they are read. */
function samples(): { bytes: Uint8Array; read: (bytes: Uint8Array) => Uint8Array }[] {
  const cyclic = new IdPool({ min: 3, max: 90, reuse: 'cyclic' });
  for (let n = 0; n < 40; n++) cyclic.allocate();
  cyclic.free(7);
  const delayed = new IdPool({ max: 200, reuse: { delay: 4 } });
  for (let n = 0; n < 70; n++) delayed.allocate();
  for (const id of [9, 2, 64]) delayed.free(id);
  const ids = new GenerationalId({ slotBits: 6, reuse: { delay: 2 } });
  for (let n = 0; n < 20; n++) ids.allocate();
  for (const id of [3, 4, 19]) ids.free(id);
  const held = new IdPool({ max: 200, reuse: { delay: 2 } });
  for (let n = 0; n < 40; n++) held.allocate();
  for (const [id, frees] of [
    [30, 3],
    [5, 9],
    [17, Number.POSITIVE_INFINITY],
  ] as const)
    quarantine(held, id, frees);
  held.free(6);
  const wide = new GenerationalId({ slotBits: 3, bits: 40, epochBits: 2, epoch: 3, wrap: 'retire' });
  for (let n = 0; n < 5; n++) wide.allocate();
  for (const id of [...wide].slice(0, 2)) wide.free(id);
  const retired = new GenerationalId({ slotBits: 2, bits: 4, wrap: 'retire' });
  for (let n = 0; n < 5; n++) retired.free(retired.allocate());
  retired.allocate();
  const readPool = (bytes: Uint8Array): Uint8Array => snapshot(poolFrom(bytes));
  const readIds = (bytes: Uint8Array): Uint8Array => GenerationalId.from(bytes).snapshot();
  return [
    { bytes: snapshot(new IdPool()), read: readPool },
    { bytes: snapshot(cyclic), read: readPool },
    { bytes: snapshot(delayed), read: readPool },
    { bytes: ids.snapshot(), read: readIds },
    { bytes: snapshot(held), read: readPool },
    { bytes: wide.snapshot(), read: readIds },
    { bytes: retired.snapshot(), read: readIds },
  ];
}

/** What the reader says: a code, or 'sound', and then it writes the same bytes. */
function verdict(bytes: Uint8Array, read: (bytes: Uint8Array) => Uint8Array): NextIdErrorCode | 'sound' {
  try {
    // Compared as text: that is quick.
    expect(hex(read(bytes))).toBe(hex(bytes));
    return 'sound';
  } catch (error) {
    if (!(error instanceof NextIdError)) throw error;
    const { offset, message } = error;
    const isWithin = offset >= 0 && offset <= Math.max(bytes.length, HEADER);
    if (!isWithin || !/^(poolFrom|GenerationalId\.from): bytes: byte \d+: .+: got .+, expected .+$/.test(message))
      expect.unreachable(`at ${offset}: ${message}`);
    return error.code;
  }
}

describe('damaged snapshots are refused', () => {
  test('every truncation, and a byte or a block too many', () => {
    for (const { bytes, read } of samples()) {
      for (let length = 0; length < bytes.length; length++) {
        expect(verdict(bytes.slice(0, length), read)).toBe('bad-length');
      }
      for (const more of [1, 4, 64]) {
        const longer = new Uint8Array(bytes.length + more);
        longer.set(bytes);
        expect(verdict(longer, read)).toBe('bad-length');
      }
    }
  });

  test('every bit of every byte', () => {
    for (const { bytes, read } of samples()) {
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const damaged = bytes.slice();
        damaged[bit >>> 3]! ^= 1 << (bit & 7);
        if (verdict(damaged, read) === 'sound') expect.unreachable(`bit ${bit}: sound`);
      }
    }
  });

  test('words changed under a right checksum: refused, or another sound state', () => {
    const rng = random(33);
    const counts: Record<string, number> = {};
    for (let round = 0; round < budget(20_000); round++) {
      const { bytes, read } = rng.pick(samples());
      const words = new Int32Array(bytes.buffer);
      for (let n = rng.between(1, 3); n > 0; n--) {
        const at = rng.chance(0.3) ? rng.between(2, 11) : rng.below(words.length);
        words[at] = rng.pick([0, 1, -1, words[at]! ^ (1 << rng.below(32)), rng.below(100), 2 ** 31 - 1]);
      }
      seal(words, CHECKSUM);
      const got = verdict(bytes, read);
      counts[got] = (counts[got] ?? 0) + 1;
    }
    expect(counts['bad-checksum'], `seed ${rng.seed}`).toBeUndefined();
    expect(Object.keys(counts).sort()).toEqual([
      'bad-header',
      'bad-length',
      'bad-magic',
      'bad-structure',
      'bad-version',
      'sound',
    ]);
  });

  test('noise, other things than bytes, and the snapshot of the other class', () => {
    const rng = random(34);
    for (let round = 0; round < budget(300); round++) {
      const bytes = Uint8Array.from({ length: rng.below(500) }, () => rng.below(256));
      for (const { read } of samples()) expect(['bad-length', 'bad-magic']).toContain(verdict(bytes, read));
    }
    const [pool, , , ids] = samples();
    expect([verdict(pool!.bytes, ids!.read), verdict(ids!.bytes, pool!.read)]).toEqual(['bad-magic', 'bad-magic']);
    const [aPool, someIds] = ['0x4c504449, of an IdPool', '0x494e4547, of a GenerationalId'];
    const place = 'bytes: byte 0: the magic number: got';
    expect(() => ids!.read(pool!.bytes)).toThrow(`GenerationalId.from: ${place} ${aPool}, expected ${someIds}`);
    expect(() => pool!.read(ids!.bytes)).toThrow(`poolFrom: ${place} ${someIds}, expected ${aPool}`);
    expect(() => sharedPoolFrom(ids!.bytes)).toThrow(`sharedPoolFrom: ${place} ${someIds}, expected ${aPool}`);
    for (const bad of [null, undefined, 'IDPL', {}, [1], new Int32Array(16), new ArrayBuffer(64)]) {
      expect(() => poolFrom(bad as never)).toThrow('poolFrom: bytes: got');
      expect(() => GenerationalId.from(bad as never)).toThrow('GenerationalId.from: bytes: got');
    }
    expect(() => snapshot({} as never)).toThrow('snapshot: pool: got [object Object], expected an IdPool');
  });

  // Words of the header: min 2, max 3, cyclic 4, cursor 5, delay 6, resting 7, leaves 8, slot bits 9, slots 10.
  // The delayed pool: ring in words 16…19, bitmap from 20. The IDs: 20 slots in words 16…35, ring 36…37, bitmap from 38.
  const CASES: [what: string, sample: number, word: number, value: number, error: string][] = [
    ['the largest ID below the smallest', 1, 3, 2, 'byte 12: the largest ID: got 2, expected 3…4294967295'],
    ['a cursor beyond the bitmap', 1, 5, 65, 'byte 20: the cursor: got 65, expected 0…64'],
    ['a cursor of the lowest', 0, 5, 1, 'byte 20: the cursor: got 1, expected 0…0'],
    ['a delay that would take gigabytes', 2, 6, 199, 'its length: got'],
    ['a delay of all IDs', 2, 6, 201, 'byte 24: the delay: got 201, expected 0…200'],
    ['more resting than the ring has', 2, 7, 5, 'byte 28: the number of resting IDs: got 5, expected 0…4'],
    ['fewer resting than the ring has', 2, 7, 2, 'byte 72: a word of the ring that is not in use: got 64, expected 0'],
    ['a bitmap beyond the range', 1, 8, 4, 'byte 32: the words of the bitmap: got 4, expected 0…3'],
    ['a bitmap longer than in use', 1, 8, 3, 'byte 32: the words of the bitmap: got 3, expected 2, as they are in use'],
    ['slot bits in a pool', 0, 9, 5, 'byte 36: the number of slot bits: got 5, expected 0…0'],
    ['a spare word', 0, 11, 1, 'byte 44: a spare word: got 1, expected 0…0'],
    ['one that rests twice', 2, 17, 9, 'byte 68: a resting ID: got 9, expected an offset that the bitmap has'],
    ['one that rests and is free', 2, 17, 100, 'byte 68: a resting ID: got 100'],
    ['one that rests beyond u31', 2, 17, -1, 'byte 68: a resting ID: got 4294967295'],
    ['a bit behind the bitmap', 2, 31, 1, 'byte 124: a word behind the bitmap: got 1, expected 0'],
    [
      'an ID beyond the range',
      2,
      26,
      1 << 31,
      'byte 104: the last word of the bitmap: got 0x80000000, expected no bit',
    ],
    ['too many slot bits', 3, 9, 31, 'byte 36: the number of slot bits: got 31, expected 1…30'],
    ['other slots than the range', 3, 3, 31, 'byte 12: the largest ID: got 31, expected 63…63'],
    ['a version to come', 0, 1, 3, 'byte 4: the version: got 3, expected 1…2'],
    ['a version 2 that could be 1', 0, 1, 2, 'byte 4: the version: got 2, expected 1, which has words for all of it'],
    ['a quarantine in version 1', 0, 13, 1, 'byte 52: a spare word: got 1, expected 0…0'],
    [
      'IDs in quarantine that do not ascend',
      4,
      20,
      3,
      'byte 80: an ID in quarantine: got 3, expected an offset above 5',
    ],
    ['one in quarantine twice', 4, 20, 5, 'byte 80: a resting ID: got 5'],
    ['one in quarantine that is free', 4, 20, 150, 'byte 80: a resting ID: got 150'],
    ['more frees than there can be', 4, 21, -1, 'byte 84: the frees left: got 4294967295, expected 0…2147483647'],
    ['more in quarantine than there are bytes', 4, 13, 60, 'its length: got'],
    ['too many bits', 5, 11, 54, 'byte 44: the bits of an ID: got 0x00000036, expected 4…53'],
    ['bits of a kind to come', 5, 11, 0x20000 | 40, 'byte 44: the bits of an ID'],
    ['an epoch beyond its bits', 5, 12, 4, 'byte 48: the epoch: got 4, expected 0…3'],
    ['an ID beyond its bits', 5, 21, 0x100, 'byte 80: a slot in use'],
    ['a free slot of another epoch', 5, 12, 2, 'byte 64: a free slot'],
    ['a retired slot that is not at its end', 6, 16, ~4, 'byte 64: a slot in use: got -5'],
    ['an ID of another slot', 3, 16, 65, 'byte 64: a slot in use: got 65, expected an ID, 0…2147483647, of slot 0'],
    ['a slot in use as if free', 3, 17, ~1, 'byte 68: a slot in use: got -2'],
    ['a free slot as if in use', 3, 19, 67, 'byte 76: a free slot: got 67, expected ~ an ID'],
    ['a taken slot without an ID', 3, 38, 0x20ffff7, 'byte 152: the slots in use: got 25, expected slots below 20'],
    ['the first slot without an ID', 3, 38, 0x1ffff7, 'byte 152: the slots in use: got 20, expected slots below 20'],
  ];
  test.each(CASES)('%s, under a right checksum', (_, sample, word, value, message) => {
    const { bytes, read } = samples()[sample]!;
    const words = new Int32Array(bytes.buffer);
    words[word] = value;
    seal(words, CHECKSUM);
    expect(() => read(bytes)).toThrow(message);
    expect(verdict(bytes, read)).not.toBe('sound');
  });
});
