// Damaged images: a result or one CheckpointError, never anything else.
import { CheckpointError, planRestore } from '@idspace/restore-planner';
import { random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { readImages } from '../src/image/read-images.ts';
import { CASES, givenImages, type Images, memorySource } from './support/images.ts';

const FLIPS = 2_500; // per case
const SEED = 20_230_509;

/** Reads damaged images; true if something came of it, and then something that can be planned. */
async function survives(images: Images, what: string): Promise<boolean> {
  try {
    const checkpoint = await readImages(memorySource(images));
    planRestore(checkpoint, { kernel: '6.1', criu: '4.2' });
    return true;
  } catch (error) {
    if (!(error instanceof CheckpointError))
      throw new Error(`${what}: neither a result nor a CheckpointError`, { cause: error });
    expect(error.file in images || error.code === 'missing-file', what).toBe(true);
    return false;
  }
}

describe.each(CASES)('%s', (name) => {
  const images = givenImages(name);
  // The kinds that are not read do not matter here.
  const files = Object.keys(images).filter((file) => /^(inventory|pstree|core-\d+)\.img$/.test(file));

  test('cut at every byte', async () => {
    for (const file of files) {
      const bytes = images[file]!;
      for (let length = 0; length < bytes.length; length++) {
        const read = await survives({ ...images, [file]: bytes.subarray(0, length) }, `${file} cut to ${length}`);
        expect(read, `${file} cut to ${length} of ${bytes.length} bytes was read`).toBe(false);
      }
    }
  });

  test(`${FLIPS} flipped bits`, async () => {
    const rng = random(SEED);
    for (let flip = 0; flip < FLIPS; flip++) {
      const file = rng.pick(files);
      const bytes = images[file]!.slice();
      const bit = rng.below(bytes.length * 8);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      await survives({ ...images, [file]: bytes }, `seed ${rng.seed}, ${file} with bit ${bit} flipped`);
    }
  });
});
