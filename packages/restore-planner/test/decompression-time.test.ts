// How long a compressed file may take to expand: 10 s, and 3 s for each MiB of it, without what is waited for the file.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { decompressed } from '../src/bytes/decompress.ts';
import { zstdStored } from './support/archives.ts';
import { MemoryBytes } from './support/memory-bytes.ts';

const FRAME = zstdStored(new Uint8Array(3 * 2 ** 20 - 100)); // with its own headers 3 MiB, less a few bytes

let now = 0;
beforeEach(() => {
  now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

/** A file whose last bytes take some time to come. */
class LateBytes extends MemoryBytes {
  private left = FRAME.length;
  private readonly ms: number;

  constructor(ms: number) {
    super(FRAME);
    this.ms = ms;
  }

  protected override async next(): Promise<Uint8Array> {
    const piece = await super.next();
    if (this.left > 0 && (this.left -= piece.length) <= 0) now += this.ms;
    return piece;
  }
}

/** The same, where the time is taken for the decoder's: nothing is known to be waited for. */
function slowBytes(ms: number): MemoryBytes {
  return Object.defineProperty(new LateBytes(ms), 'waited', { get: () => 0, set: () => {} });
}

async function expand(file: MemoryBytes): Promise<number> {
  const bytes = await decompressed(file);
  return bytes.skip(Infinity);
}

test('19 s for 3 MiB, and no longer', async () => {
  expect(await expand(slowBytes(18_999))).toBe(3 * 2 ** 20 - 100);
  await expect(expand(slowBytes(19_001))).rejects.toMatchObject({
    code: 'too-large',
    got: expect.stringContaining('that took 19 s to expand to'),
  });
});

test('a file that comes slowly may take any time', async () => {
  expect(await expand(new LateBytes(1e9))).toBe(3 * 2 ** 20 - 100);
});
