// Snapshots with multi-index entries: from() takes them back, and no forged ones.
import { budget, random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { seal } from '../src/checksum.ts';
import { XArray, XArrayError } from '../src/index.ts';
import { contents, expectSound } from './sound.ts';

const CHECKSUM = 14;

/** Root over a leaf with an entry of order 2 at 4, and of order 7 at 128: 2 slots over one fill leaf. */
function build(): { words: Int32Array; slot(n: number, i: number): number; meta(n: number, w: number): number } {
  const array = new XArray();
  array.storeOrder(4, 2, 5);
  array.store(9, 6);
  array.storeOrder(128, 7, 7);
  array.setMark(130, 0);
  array.setMark(7, 1);
  const words = new Int32Array(array.snapshot().buffer);
  const nodes = words[4]!;
  return { words, slot: (n, i) => 16 + n * 64 + i, meta: (n, w) => 16 + nodes * 64 + n * 16 + w };
}

type Built = ReturnType<typeof build>;
const root = ({ words, slot }: Built): number => words[slot(1, 0)]!;
const leaf = (b: Built): number => b.words[b.slot(root(b), 0)]!;
const fill = (b: Built): number => b.words[b.slot(root(b), 2)]!;

function refused(words: Int32Array): boolean {
  seal(words, CHECKSUM);
  try {
    const array = XArray.from(new Uint8Array(words.buffer));
    expectSound(array);
    expect(contents(array).length).toBe(array.size);
    for (const [index, entry] of contents(array)) expect([index, array.load(index)]).toEqual([index, entry]);
    return false;
  } catch (error) {
    if (!(error instanceof XArrayError)) throw error;
    return true;
  }
}

test('a copy has the same entries, orders and marks', () => {
  const { words } = build();
  const copy = XArray.from(new Uint8Array(words.buffer));
  expect(contents(copy)).toEqual([
    [4, 5],
    [9, 6],
    [128, 7],
  ]);
  expect([copy.getOrder(6), copy.getOrder(255), copy.nodeCount, copy.getMark(200, 0)]).toEqual([2, 7, 2, true]);
  expect(copy.erase(255)).toBe(7);
  expect(copy.erase(5)).toBe(5);
  expect(contents(copy)).toEqual([[9, 6]]);
  expectSound(copy);
});

const cases: [string, (b: Built) => [word: number, value: number]][] = [
  ['number of multi-index entries', () => [8, 1]],
  ['number of fill nodes', () => [9, 0]],
  ['size', () => [7, 4]],
  ['sibling unlike its entry', (b) => [b.slot(leaf(b), 6), 4]],
  ['three siblings made two', (b) => [b.meta(leaf(b), 10), 0b0110_0000]],
  ['sibling where nothing is', (b) => [b.meta(leaf(b), 10), 0b1_1110_0000]],
  ['sibling at offset 0', (b) => [b.meta(leaf(b), 10), 0b1110_0001]],
  ['mark of a sibling', (b) => [b.meta(leaf(b), 6), 0b0011_0000]],
  ['sibling not present', (b) => [b.meta(leaf(b), 0), 0b10_0111_0000]],
  ['entry bit in a leaf', (b) => [b.meta(leaf(b), 14), 1]],
  ['child said to be an entry', (b) => [b.meta(root(b), 14), 0b1101]],
  ['entry said to be a child', (b) => [b.meta(root(b), 14), 0b1000]],
  ['sibling said to be a child', (b) => [b.meta(root(b), 14), 0b0100]],
  ['sibling of another node', (b) => [b.slot(root(b), 3), leaf(b)]],
  ['entry not full', (b) => [b.meta(root(b), 2), 0b1000]],
  ['mark of a sibling above', (b) => [b.meta(root(b), 4), 0b1100]],
  ['anchor with a sibling', (b) => [b.meta(1, 10), 1]],
  ['anchor with an entry bit', (b) => [b.meta(1, 14), 1]],
  ['fill node unlike in one slot', (b) => [b.slot(fill(b), 63), 8]],
  ['fill node with a negative entry', (b) => [b.slot(fill(b), 0), -8]],
  ['fill node not wholly present', (b) => [b.meta(fill(b), 1), 5]],
  ['fill node with a mark', (b) => [b.meta(fill(b), 4), 1]],
  ['fill node without its flag', (b) => [b.meta(fill(b), 13), 2 << 8]],
  ['fill node of another place', (b) => [b.meta(fill(b), 13), (3 << 8) | 128]],
  ['fill node of another parent', (b) => [b.meta(fill(b), 12), 1]],
  ['leaf with the flag', (b) => [b.meta(leaf(b), 13), 128]],
];

test.each(cases)('%s', (_, tamper) => {
  const built = build();
  const [word, value] = tamper(built);
  expect(built.words[word]).not.toBe(value);
  built.words[word] = value;
  expect(refused(built.words)).toBe(true);
});

test('a chain of fill nodes that ends in itself', () => {
  const array = new XArray();
  array.storeOrder(2 ** 18, 18, 3);
  const words = new Int32Array(array.snapshot().buffer);
  const nodes = words[4]!;
  for (let node = 2; node < nodes; node++) {
    const copy = words.slice();
    const place = copy[16 + nodes * 64 + node * 16 + 13]!;
    // Not the last of the chain: what it holds is an entry.
    if ((place & 128) === 0 || (place & 31) === 0) continue;
    copy.fill(node, 16 + node * 64, 16 + node * 64 + 64);
    expect(refused(copy)).toBe(true);
  }
});

test('words changed at random under a right checksum: refused, or another sound array', () => {
  const rng = random(51);
  const rounds = budget(3000);
  let no = 0;
  for (let round = 0; round < rounds; round++) {
    const { words } = build();
    for (let n = rng.between(1, 2); n > 0; n--) {
      const at = rng.chance(0.5) ? rng.below(words.length) : rng.pick([8, 9, words.length - 1 - rng.below(64)]);
      words[at] = rng.pick([0, 1, -1, rng.below(9), 1 << rng.below(32), words[at]! ^ (1 << rng.below(32))]);
    }
    if (refused(words)) no++;
  }
  expect(no).toBeGreaterThan((2 / 3) * rounds);
});
