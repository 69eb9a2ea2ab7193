import { budget, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { GOLDEN_RATIO_32, GOLDEN_RATIO_PRIME_32, halfSipHash, hash32, jhash2 } from '../src/index.ts';

// One signal_struct address, and what the kernel's definitions give for it.
const LO = 0x00ea_9a00;
const HI = 0xffff_8881;
const INT_MAX = 2 ** 31 - 1;
const VECTORS: [id: number, hash32: number, hash32Prime: number, jhash2: number][] = [
  [0, 56, 301, 0x80e36a2c],
  [1, 373, 497, 0x3238a259],
  [2, 447, 422, 0xbe9a7422],
  [511, 382, 486, 0xf62146d6],
  [512, 278, 81, 0x4095cbcd],
  [1_000_000, 380, 237, 0xed8bc2c8],
  [2_000_000, 189, 430, 0xaa1bfbf8],
  [INT_MAX, 3, 149, 0xe937d0be],
];

/** hash_32 over unbounded integers. */
function hash32Oracle(lo: number, hi: number, id: number, bits: number, golden: number): number {
  const owner = (BigInt(hi) << 32n) | BigInt(lo);
  const folded = (owner ^ (owner >> 32n)) & 0xffff_ffffn;
  return Number((((folded ^ BigInt(id)) * BigInt(golden)) & 0xffff_ffffn) >> BigInt(32 - bits));
}

/** lookup3 for two words over unbounded integers, from its published description. */
function jhash2Oracle(lo: number, hi: number, id: number): number {
  const u32 = (x: bigint): bigint => x & 0xffff_ffffn;
  const rotate = (x: bigint, by: bigint): bigint => u32((x << by) | (x >> (32n - by)));
  const abc = [0n, 0n, 0n].map(() => u32(0xdead_beefn + 8n + BigInt(id)));
  abc[0] = u32(abc[0] + BigInt(lo));
  abc[1] = u32(abc[1] + BigInt(hi));
  // Each step: which word changes, by which word, rotated by how much.
  for (const [to, by, bits] of [
    [2, 1, 14n],
    [0, 2, 11n],
    [1, 0, 25n],
    [2, 1, 16n],
    [0, 2, 4n],
    [1, 0, 14n],
    [2, 1, 24n],
  ] as const) {
    abc[to] = u32((abc[to] ^ abc[by]) - rotate(abc[by], bits));
  }
  return Number(abc[2]);
}

describe('hash32', () => {
  test.each(VECTORS)('ID %d', (id, bucket, bucketPrime) => {
    expect(hash32(LO, HI, id, 9)).toBe(bucket);
    expect(hash32(LO, HI, id, 9, GOLDEN_RATIO_32)).toBe(bucket);
    expect(hash32(LO, HI, id, 9, GOLDEN_RATIO_PRIME_32)).toBe(bucketPrime);
  });

  test('every width, against unbounded integers', () => {
    const rng = random(3);
    for (let bits = 1; bits <= 32; bits++) {
      for (let i = 0; i < budget(100); i++) {
        const [lo, hi, id] = [rng.u32(), rng.u32(), rng.below(2 ** 31)];
        for (const golden of [GOLDEN_RATIO_32, GOLDEN_RATIO_PRIME_32, rng.u32()]) {
          const hash = hash32(lo, hi, id, bits, golden);
          expect(hash, `seed ${rng.seed}, ${bits} bits`).toBe(hash32Oracle(lo, hi, id, bits, golden));
          expect(hash < 2 ** bits).toBe(true);
        }
      }
    }
  });

  test('a narrower hash is the top of a wider one', () => {
    for (let bits = 1; bits < 32; bits++) expect(hash32(LO, HI, 77, bits)).toBe(hash32(LO, HI, 77, 32) >>> (32 - bits));
  });

  test('refuses a width it cannot give', () => {
    for (const bits of [0, 33, -1, 9.5, Number.NaN]) {
      expect(() => hash32(LO, HI, 0, bits)).toThrow(`bits: got ${bits}, expected an integer 1…32`);
    }
  });
});

describe('jhash2', () => {
  test.each(VECTORS)('ID %d', (id, _bucket, _bucketPrime, hash) => {
    expect(jhash2(LO, HI, id)).toBe(hash);
  });

  test('against unbounded integers', () => {
    const rng = random(4);
    const corners = [0, 1, INT_MAX, 2 ** 31, 2 ** 32 - 1];
    for (const lo of corners) {
      for (const hi of corners) for (const id of corners) expect(jhash2(lo, hi, id)).toBe(jhash2Oracle(lo, hi, id));
    }
    for (let i = 0; i < budget(5000); i++) {
      const [lo, hi, id] = [rng.u32(), rng.u32(), rng.u32()];
      expect(jhash2(lo, hi, id), `seed ${rng.seed}`).toBe(jhash2Oracle(lo, hi, id));
    }
  });
});

/** HalfSipHash-1-3 of any bytes over unbounded integers, from its published description. */
function sipOracle(bytes: readonly number[], keyLo: number, keyHi: number): number {
  const u32 = (x: bigint): bigint => x & 0xffff_ffffn;
  const rotate = (x: bigint, by: bigint): bigint => u32((x << by) | (x >> (32n - by)));
  const v = [BigInt(keyLo), BigInt(keyHi), BigInt(keyLo) ^ 0x6c79_6765n, BigInt(keyHi) ^ 0x7465_6462n];
  /** Adds a word to another, rotates it, and mixes the two. */
  const half = (to: number, by: number, bits: bigint, sum: bigint): void => {
    v[to] = u32(v[to] + v[by]);
    v[by] = rotate(v[by], bits) ^ v[to];
    v[to] = rotate(v[to], sum);
  };
  const round = (): void => {
    half(0, 1, 5n, 16n);
    half(2, 3, 8n, 0n);
    half(0, 3, 7n, 0n);
    half(2, 1, 13n, 16n);
  };
  const padded = [...bytes, ...Array(3 - (bytes.length % 4)).fill(0), bytes.length & 255];
  for (let at = 0; at < padded.length; at += 4) {
    const word = padded.slice(at, at + 4).reduce((sum, byte, i) => sum | (BigInt(byte) << BigInt(8 * i)), 0n);
    v[3] ^= word;
    round();
    v[0] ^= word;
  }
  v[2] ^= 0xffn;
  for (let i = 0; i < 3; i++) round();
  return Number(v[1] ^ v[3]);
}

describe('halfSipHash', () => {
  // The key 00 01 … 07, and as input the bytes 00 01 … of each length, as the kernel's own test has it.
  const KEY = [0x0302_0100, 0x0706_0504] as const;
  const OF_LENGTH = [0x5814_c896, 0xe7e8_64ca, 0xbc4b_0e30, 0x0153_9939, 0x7e05_9ea6];
  const OF_TWELVE = 0x6b28_096c;

  test('known values', () => {
    OF_LENGTH.forEach((hash, length) => {
      expect(sipOracle([...Array(length).keys()], ...KEY)).toBe(hash);
    });
    expect(sipOracle([...Array(12).keys()], ...KEY)).toBe(OF_TWELVE);
    expect(halfSipHash(0x0302_0100, 0x0706_0504, 0x0b0a_0908, ...KEY)).toBe(OF_TWELVE);
  });

  test('any key, against unbounded integers', () => {
    const rng = random(9);
    for (let i = 0; i < budget(2_000); i++) {
      const words = [rng.u32(), rng.u32(), rng.below(2 ** 31)] as const;
      const [keyLo, keyHi] = [rng.u32(), rng.u32()];
      const bytes = words.flatMap((word) => [0, 8, 16, 24].map((bits) => (word >>> bits) & 255));
      expect(halfSipHash(...words, keyLo, keyHi), `seed ${rng.seed}`).toBe(sipOracle(bytes, keyLo, keyHi));
      // A word is the same as int32.
      expect(halfSipHash(words[0] | 0, words[1] | 0, words[2], keyLo | 0, keyHi | 0)).toBe(
        halfSipHash(...words, keyLo, keyHi),
      );
    }
  });
});

test('hash32 refuses each word that is none, by its name', () => {
  const good = [LO, HI, 1, 9, GOLDEN_RATIO_32] as const;
  for (const [at, name] of ['ownerLo', 'ownerHi', 'id', 'bits', 'golden'].entries()) {
    for (const value of [0.5, 2 ** 32, Number.NaN]) {
      const words = good.map((word, i) => (i === at ? value : word)) as [number, number, number, number, number];
      expect(() => hash32(...words), `${name}: ${value}`).toThrow(new RegExp(`^hash32: ${name}: got ${value}`));
    }
  }
});
