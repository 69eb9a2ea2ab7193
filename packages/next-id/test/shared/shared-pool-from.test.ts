// sharedPoolFrom: a shared pool goes on as the pool that was saved.
import { budget, random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { IdPool, NextIdError, quarantine, snapshot } from '../../src/index.ts';
import { SharedIdPool, sharedPoolFrom } from '../../src/shared/index.ts';

const UINT_MAX = 2 ** 32 - 1;

test('cyclic reuse goes on at the cursor, past what was freed before it', () => {
  const pool = new IdPool({ min: 100, max: 199, reuse: 'cyclic' });
  for (let n = 0; n < 40; n++) pool.allocate();
  pool.free(101);
  expect(sharedPoolFrom(snapshot(pool)).allocate()).toBe(140);
});

test('a shared pool goes on as the pool that was saved, call for call, in every thread', () => {
  const rng = random(91);
  for (let round = 0; round < budget(200); round++) {
    const [min, max] = rng.pick([
      [0, 0],
      [7, 38],
      [0, 1023],
      [100, 1124],
      [UINT_MAX - 63, UINT_MAX],
    ] as const);
    const reuse = rng.pick(['lowest', 'cyclic'] as const);
    const pool = new IdPool({ min, max, reuse });
    for (let n = rng.below(2 * (max - min + 2)); n > 0; n--) pool.allocate();
    for (let n = rng.below(90); n > 0; n--) pool.free(rng.between(min, max));
    const shared = SharedIdPool.attach(sharedPoolFrom(snapshot(pool)).handle);
    const where = `seed ${rng.seed}, round ${round}`;
    expect([shared.min, shared.max, shared.reuse, shared.size], where).toEqual([min, max, reuse, pool.size]);
    for (let n = 0; n < 80; n++) {
      const id = rng.between(min, max);
      const act = (ids: IdPool | SharedIdPool): unknown => [
        ids.has(id),
        n % 3 === 0 ? ids.free(id) : n % 3 === 1 ? ids.reserve(id) : ids.allocate(),
        ids.size,
      ];
      expect(act(shared), where).toEqual(act(pool));
    }
  }
});

test('refuses pools in which IDs rest, and what is no snapshot', () => {
  const delayed = new IdPool({ reuse: { delay: 2 } });
  const held = new IdPool();
  quarantine(held, held.allocate());
  for (const pool of [delayed, held])
    expect(() => sharedPoolFrom(snapshot(pool))).toThrow('sharedPoolFrom: bytes: got a pool in which IDs rest');
  expect(() => sharedPoolFrom(new Uint8Array(64))).toThrow(NextIdError);
  expect(() => sharedPoolFrom([] as never)).toThrow('sharedPoolFrom: bytes: got [object Array], expected a snapshot');
});
