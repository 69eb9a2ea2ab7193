// Our decoder of zstd beside the reference decoder: the same bytes, or both refuse.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FuzzTargets } from '@idspace/testkit/fuzz';
import { hasFrameOfNone, ours, reference } from '../test/support/zstd-outcomes.ts';
import { FIXTURES } from './support.ts';

const LONGEST_SEED = 4000; // bytes
const CHECKSUM_FLAG = 4;

/** The frame without its checksum, which would tell of damage what the decoder itself may not see. */
function unchecked(frame: Uint8Array): Uint8Array {
  const changed = frame.slice();
  changed[4]! &= ~CHECKSUM_FLAG;
  return (frame[4]! & CHECKSUM_FLAG) === 0 ? frame : changed.subarray(0, -4);
}

function* frames(): Generator<Uint8Array> {
  for (const name of readdirSync(FIXTURES)
    .filter((name) => name.endsWith('.zst'))
    .sort()) {
    const frame = new Uint8Array(readFileSync(join(FIXTURES, name)));
    if (frame.length <= LONGEST_SEED && !/slow/.test(name)) yield* [frame, unchecked(frame)];
  }
}

const told = (outcome: Buffer | string): string => (typeof outcome === 'string' ? outcome : `${outcome.length} bytes`);

/** Where both refuse, one may notice sooner what is wrong. */
function isSame(a: Buffer | string, b: Buffer | string): boolean {
  return typeof a === 'string' || typeof b === 'string' ? typeof a === typeof b : Buffer.compare(a, b) === 0;
}

export const TARGETS: FuzzTargets = {
  zstd: {
    isSlow: true,
    seeds: frames,
    // Damage makes blocks that stand for a thousand times as much.
    milliseconds: 10_000,
    run: async (input) => {
      const [got, expected] = [await ours(input), await reference(input)];
      if (isSame(got, expected) || (typeof got !== 'string' && (await hasFrameOfNone(input)))) return;
      throw new Error(`got ${told(got)}, expected ${told(expected)} as of the reference decoder`);
    },
  },
};
