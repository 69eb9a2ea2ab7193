// Snapshots of pools and of generational IDs, their checksums made right: each state has one snapshot.
import { deepStrictEqual } from 'node:assert';
import { type FuzzTarget, type FuzzTargets, finished, words } from '@idspace/testkit/fuzz';
import { seal } from '../src/checksum.ts';
import { GenerationalId, IdPool, NextIdError, poolFrom, quarantine, range, snapshot } from '../src/index.ts';
import { sharedPoolFrom } from '../src/shared/index.ts';

const AT_CHECKSUM = 14; // word
const BLOCK_BYTES = 64;
const MANY = 5000;

function repair(bytes: Uint8Array): void {
  if (bytes.length >= BLOCK_BYTES && bytes.length % BLOCK_BYTES === 0)
    seal(new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4), AT_CHECKSUM);
}

function targetOf<T>(
  seeds: () => Uint8Array[],
  from: (bytes: Uint8Array) => T,
  use: (made: T, bytes: Uint8Array) => void,
): FuzzTarget {
  return {
    seeds,
    structures: [finished(words, repair)],
    longest: 2 ** 15,
    run: (input) => {
      let made: T;
      try {
        made = from(input);
      } catch (error) {
        if (error instanceof NextIdError) return;
        throw error;
      }
      use(made, input);
    },
  };
}

function pools(): Uint8Array[] {
  const options = [{}, { min: 5, max: 300, reuse: 'cyclic' }, { max: 40, reuse: { delay: 6 } }] as const;
  return options.map((one) => {
    const pool = new IdPool(one);
    for (let i = 0; i < 38; i++) pool.allocate();
    for (let id = 6; id < 20; id++) pool.free(id);
    if (!('reuse' in one)) for (const id of [30, 31]) quarantine(pool, id, 5);
    return snapshot(pool);
  });
}

function generational(): Uint8Array[] {
  const options = [
    { slotBits: 6 },
    { slotBits: 6, bits: 40 },
    { slotBits: 5, bits: 31, retire: true },
    { slotBits: 5, epochBits: 3 },
  ];
  return options.flatMap((one) => {
    try {
      const ids = new GenerationalId(one as never);
      const made = Array.from({ length: 20 }, () => ids.allocate());
      for (const id of made.slice(3, 9)) ids.free(id);
      return [ids.snapshot()];
    } catch {
      return [];
    }
  });
}

export const TARGETS: FuzzTargets = {
  pool: targetOf(pools, poolFrom, (pool, bytes) => {
    deepStrictEqual(snapshot(pool), bytes, 'a pool has another snapshot than it was read from');
    if (pool.size <= MANY) deepStrictEqual([...range(pool)].length >= pool.size, true);
    const id = pool.allocate();
    if (id >= 0) deepStrictEqual([pool.has(id), pool.free(id)], [true, true]);
    for (let i = 0; i < 40; i++) pool.allocate();
    poolFrom(snapshot(pool));
  }),
  'shared-pool': targetOf(
    pools,
    (bytes) => poolFrom(bytes) && bytes,
    (bytes) => {
      if (new Int32Array(bytes.slice().buffer)[8]! > 2000) return;
      try {
        const pool = sharedPoolFrom(bytes);
        for (let i = 0; i < 10; i++) pool.allocate();
      } catch (error) {
        if (!(error instanceof NextIdError || error instanceof RangeError)) throw error;
      }
    },
  ),
  generational: targetOf(
    generational,
    (bytes) => GenerationalId.from(bytes),
    (ids, bytes) => {
      deepStrictEqual(ids.snapshot(), bytes, 'IDs have another snapshot than they were read from');
      const id = ids.allocate();
      if (id >= 0) deepStrictEqual([ids.has(id), ids.free(id), ids.has(id)], [true, true, false]);
      GenerationalId.from(ids.snapshot());
    },
  ),
};
