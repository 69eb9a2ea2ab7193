// A pool that keeps owners: what a dead thread had comes back, and nothing else does.
import { budget, random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { SharedIdPool } from '../../src/shared/index.ts';

const SEED = Number(process.env.TEST_SEED ?? 20_261_130);

test('bury gives back what its owner had, heldBy lists it, and the rest stays', () => {
  const mine = new SharedIdPool({ min: 10, max: 99, owners: 3, owner: 1 });
  const [theirs, others] = [2, 3].map((owner) => SharedIdPool.attach(mine.handle, { owner })) as [
    SharedIdPool,
    SharedIdPool,
  ];
  expect([mine.allocate(), theirs.allocate(), theirs.allocate(), others.reserve(50), theirs.reserve(50)]).toEqual([
    10,
    11,
    12,
    true,
    false,
  ]);
  expect([mine.heldBy(1), mine.heldBy(2), mine.heldBy(3)]).toEqual([[10], [11, 12], [50]]);
  // Any thread may give any ID back.
  expect([mine.free(11), mine.free(11), mine.heldBy(2)]).toEqual([true, false, [12]]);
  expect([mine.bury(2), mine.bury(2), mine.heldBy(2), mine.has(12), mine.size]).toEqual([[12], [], [], false, 2]);
  const next = SharedIdPool.attach(mine.handle, { owner: 2 });
  expect([next.allocate(), next.heldBy(2), mine.bury(3), mine.size]).toEqual([11, [11], [50], 2]);
});

test('IDs without a signature come back when no other thread is amid a call, and only then', () => {
  const mine = new SharedIdPool({ max: 40, owners: 3, owner: 1 });
  const [dead, busy] = [2, 3].map((owner) => SharedIdPool.attach(mine.handle, { owner })) as [
    SharedIdPool,
    SharedIdPool,
  ];
  const inside = (pool: SharedIdPool): { count(): void; sign(bit: number): void } =>
    (pool as unknown as { signatures: { count(): void; sign(bit: number): void } }).signatures;
  const begin = (pool: SharedIdPool): number => {
    inside(pool).count();
    return (pool as unknown as { allocateBit(): number }).allocateBit();
  };
  expect([begin(dead), begin(busy)]).toEqual([0, 1]);
  expect([mine.bury(2), mine.has(0), mine.has(1)]).toEqual([[], true, true]);
  inside(busy).sign(1);
  inside(busy).count();
  expect([mine.bury(2), mine.has(0), mine.has(1), mine.heldBy(3), mine.size]).toEqual([[], false, true, [1], 1]);
});

test(`against a map of owners, ${budget(4_000)} random calls (seed ${SEED})`, () => {
  const rng = random(SEED);
  for (const reuse of ['lowest', 'cyclic'] as const) {
    const first = new SharedIdPool({ min: 3, max: 90, reuse, owners: 5, owner: 1 });
    const pools = [first, ...[2, 3, 4, 5].map((owner) => SharedIdPool.attach(first.handle, { owner }))];
    const owners = new Map<number, number>();
    const of = (owner: number): number[] =>
      [...owners].flatMap(([id, one]) => (one === owner ? [id] : [])).sort((a, b) => a - b);
    for (let call = budget(4_000); call > 0; call--) {
      const owner = rng.between(1, 5);
      const pool = pools[owner - 1]!;
      const id = rng.between(3, 90);
      const kind = rng.below(20);
      if (kind === 0) {
        const other = rng.between(1, 5);
        if (other === owner) continue;
        expect(pool.bury(other)).toEqual(of(other));
        for (const [one, its] of owners) if (its === other) owners.delete(one);
      } else if (kind < 9) {
        const got = pool.allocate();
        expect(owners.has(got)).toBe(false);
        if (got < 0) expect(owners.size).toBe(88);
        else owners.set(got, owner);
      } else if (kind < 12) {
        expect(pool.reserve(id)).toBe(!owners.has(id));
        if (!owners.has(id)) owners.set(id, owner);
      } else expect(pool.free(id)).toBe(owners.delete(id));
      expect(pool.size).toBe(owners.size);
      expect(pool.heldBy(owner)).toEqual(of(owner));
    }
  }
});

test('a handle without an owner takes IDs for none; they stay until they are given back', () => {
  const pool = new SharedIdPool({ max: 9, owners: 2 });
  const mine = SharedIdPool.attach(pool.handle, { owner: 1 });
  expect([mine.allocate(), mine.heldBy(1), pool.bury(1), pool.size]).toEqual([0, [0], [0], 0]);
});

test('refuses owners that there are not, and pools that keep none', () => {
  const plain = new SharedIdPool({ max: 9 });
  const why = 'pool: got one that keeps no owners, expected one that was made with the option owners';
  expect(() => plain.bury(1)).toThrow(`SharedIdPool.bury: ${why}`);
  expect(() => plain.heldBy(1)).toThrow(`SharedIdPool.heldBy: ${why}`);
  expect(() => SharedIdPool.attach(plain.handle, { owner: 1 })).toThrow('SharedIdPool.attach: owner: got 1');
  const pool = new SharedIdPool({ max: 9, owners: 2, owner: 2 });
  for (const owner of [0, 3, 1.5, '1', null]) {
    expect(() => pool.bury(owner as number)).toThrow('SharedIdPool.bury: owner: got');
    expect(() => SharedIdPool.attach(pool.handle, { owner: owner as number })).toThrow('owner: got');
  }
  expect(() => pool.bury(2)).toThrow('SharedIdPool.bury: owner: got 2, expected another than this thread');
  expect(() => SharedIdPool.attach(pool.handle, { owners: 2 } as never)).toThrow("options: got the key 'owners'");
  for (const owners of [-1, 256, 0.5, '1']) {
    expect(() => new SharedIdPool({ max: 9, owners: owners as number })).toThrow('owners: got');
  }
  expect(() => new SharedIdPool({ max: 2 ** 26, owners: 1 })).toThrow(
    'max: got 67108864, expected at most min + 67108863',
  );
});
