// Headers of tar archives against another decoder: made at random, of every dialect, and damaged.
import { random } from '@idspace/testkit';
import { Header } from 'tar/header';
import { expect, test } from 'vitest';
import { tarHeader } from '../src/archive/tar-header.ts';

const SEED = 2026_11_30;

function theirs(block: Buffer): object | undefined {
  try {
    const { cksumValid, nullBlock, path, size } = new Header(block, 0);
    return { isValid: cksumValid, isNull: nullBlock, path, size };
  } catch {
    return undefined;
  }
}

function withChecksum(block: Buffer): Buffer {
  block.fill(0x20, 148, 156);
  const sum = block.reduce((so, byte) => so + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

// The other decoder reads bytes that are no UTF-8 as the Buffer at hand does: outside of Node.js that is another one.
const isNodes = Buffer.from([0xe2, 0x82]).toString() === '\ufffd';

test.skipIf(!isNodes)(`2,000 headers (seed ${SEED})`, () => {
  const rng = random(SEED);
  const kinds = new Map<string, number>();
  for (let round = 0; round < 2000; round++) {
    const block = Buffer.alloc(512);
    const name = Array.from({ length: rng.below(120) }, () => rng.pick(['a', 'é', '/', '.', '7'])).join('');
    block.write(name, 0, 100, 'utf8');
    block.write(rng.pick(['0000644\0', '   644 \0']), 100, 'latin1');
    const size = rng.pick([0, 7, 512, 2 ** 33 - 1]);
    block.write(
      rng.pick([`${size.toString(8).padStart(11, '0')}\0`, `${size.toString(8)} `, '', 'x']),
      124,
      12,
      'latin1',
    );
    if (rng.chance(0.2)) {
      block.fill(0, 124, 136);
      block[124] = 0x80;
      block.writeUIntBE(rng.below(2 ** 31) * 2 ** 16, 130, 6);
      if (rng.chance(0.3)) block[128] = rng.below(256); // past 2⁵³, maybe
    } else if (rng.chance(0.1)) block.fill(0xff, 124, 136); // −1
    block.write(rng.pick(['0', '\0', '5', '2', 'x', 'L', 'S']), 156, 'latin1');
    block.write(rng.pick(['ustar\x0000', 'ustar  \0', '']), 257, 'latin1');
    if (rng.chance(0.5)) block.write('some/prefix'.repeat(rng.between(1, 15)), 345, rng.pick([130, 155]), 'utf8');
    withChecksum(block);
    if (rng.chance(0.2)) block[rng.below(512)]! ^= 1 << rng.below(8);
    const [ours, expected] = [tarHeader(block), theirs(block)];
    // What it refuses for numbers that are not used here (a mode, a time) is none of ours.
    if (expected === undefined && ours !== undefined)
      expect(block.subarray(100, 124).some((byte) => byte > 127) || block[136]! > 127).toBe(true);
    else expect(ours, `round ${round}`).toEqual(expected);
    const kind = ours === undefined ? 'none' : ours.isValid ? 'valid' : 'invalid';
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  for (const kind of ['none', 'valid', 'invalid']) expect(kinds.get(kind), kind).toBeGreaterThan(20);
});

test('the end mark', () => {
  expect(tarHeader(new Uint8Array(512))).toMatchObject({ isNull: true, isValid: false });
});
