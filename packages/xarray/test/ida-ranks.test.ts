// Ranks of an Ida by the counts of its leaves: asked for twice, they are kept until an ID changes, in whatever way it does.
import { budget, type Random, random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { Ida } from '../src/index.ts';

const MAX_ID = 2 ** 31 - 1;
const BASES = [0, 1000, 2 ** 15 - 40, 2 ** 20 - 40, 2 ** 30, MAX_ID - 4200];

const near = (rng: Random): number => rng.pick(BASES) + rng.below(rng.pick([3, 90, 4200]));

/** Whatever changes which IDs are taken, or how they are kept. The set it is told of has the same IDs after. */
const CHANGES: Record<string, (ida: Ida, ids: Set<number>, rng: Random) => Ida | undefined> = {
  allocate(ida, ids, rng) {
    const id = ida.allocate(near(rng));
    if (id >= 0) ids.add(id);
    return undefined;
  },
  reserve(ida, ids, rng) {
    const id = near(rng);
    ida.reserve(id);
    ids.add(id);
    return undefined;
  },
  free(ida, ids, rng) {
    const id = ida.find(near(rng));
    ida.free(id);
    ids.delete(id);
    return undefined;
  },
  'free and take another'(ida, ids, rng) {
    const id = ida.findLast();
    if (id < 0) return undefined;
    const other = near(rng);
    ida.free(id);
    ids.delete(id);
    ida.add(other);
    ids.add(other);
    return undefined;
  },
  reserveRange(ida, ids, rng) {
    const first = near(rng);
    const last = Math.min(first + rng.below(3000), MAX_ID);
    if (ida.reserveRange(first, last)) for (let id = first; id <= last; id++) ids.add(id);
    return undefined;
  },
  freeRange(ida, ids, rng) {
    const first = near(rng);
    const last = Math.min(first + rng.below(3000), MAX_ID);
    ida.freeRange(first, last);
    for (const id of ids) if (id >= first && id <= last) ids.delete(id);
    return undefined;
  },
  size(ida, ids) {
    expect(ida.size).toBe(ids.size);
    return undefined;
  },
  compact(ida) {
    ida.compact();
    return undefined;
  },
  clear(ida, ids, rng) {
    if (rng.chance(0.9)) return undefined;
    ida.clear();
    ids.clear();
    return undefined;
  },
  union(ida, ids, rng) {
    const other = near(rng);
    ids.add(other);
    return ida.union(new Ida([other]));
  },
  from: (ida) => Ida.from(ida.snapshot()),
};

test('ranks, places and counts are right after every change, and as often as they are asked for', () => {
  const rng = random(73);
  let ida = new Ida();
  const ids = new Set<number>();
  for (let step = 0; step < budget(3000); step++) {
    const name = rng.pick(Object.keys(CHANGES));
    ida = CHANGES[name]!(ida, ids, rng) ?? ida;
    if (rng.chance(0.3)) continue;
    const sorted = Int32Array.from(ids).sort();
    const where = `seed ${rng.seed}, step ${step}, ${name}`;
    for (let time = rng.below(4); time >= 0; time--) {
      const id = rng.chance(0.5) && sorted.length > 0 ? sorted[rng.below(sorted.length)]! : near(rng);
      const below = sorted.findIndex((taken) => taken >= id);
      const rank = below < 0 ? sorted.length : below;
      expect(ida.rank(id), `${where}: rank of ${id}`).toBe(rank);
      const k = rng.below(sorted.length + 2);
      expect(ida.nth(k), `${where}: place ${k}`).toBe(sorted[k] ?? -1);
      expect(ida.count(id), `${where}: count from ${id}`).toBe(sorted.length - rank);
    }
  }
});

test('the counts of the leaves are part of byteLength, and go with the next change', () => {
  const ida = new Ida([1, 5000, MAX_ID]);
  const before = ida.byteLength;
  const once = [ida.rank(9), ida.byteLength - before];
  const twice = [ida.rank(9), ida.byteLength > before];
  ida.add(9);
  expect([once, twice, ida.rank(10), ida.byteLength - before]).toEqual([[1, 0], [1, true], 2, 0]);
});

test('forEach visits what is taken when its turn comes, whatever the function does', () => {
  const rng = random(74);
  for (let round = 0; round < budget(300); round++) {
    const ida = new Ida();
    const ids = new Set<number>();
    for (let i = rng.below(12); i > 0; i--) CHANGES[rng.pick(['reserve', 'reserveRange', 'free'])]!(ida, ids, rng);
    const from = rng.chance(0.5) ? 0 : near(rng);
    const max = rng.chance(0.5) ? MAX_ID : Math.min(from + rng.below(9000), MAX_ID);
    const rate = rng.pick([0, 0.1, 1]);
    let last = from - 1;
    let visits = 0;
    let sorted = Int32Array.from(ids).sort();
    let at = sorted.findIndex((taken) => taken > last);
    ida.forEach(
      (id) => {
        if (id !== sorted[at])
          throw new Error(`seed ${rng.seed}, round ${round}: ${id} after ${last}, not ${sorted[at]}`);
        last = id;
        at++;
        // All taken ones that follow closely, or some, go or come.
        if (!rng.chance(rate) || ++visits > 60) return;
        const close = id + rng.below(70) - 20;
        if (close < 0 || close > MAX_ID) return;
        if (rng.chance(0.5)) {
          ida.free(close);
          ids.delete(close);
        } else {
          ida.add(close);
          ids.add(close);
        }
        if (rng.chance(0.2)) ida.rank(close);
        sorted = Int32Array.from(ids).sort();
        at = sorted.findIndex((taken) => taken > last);
      },
      from,
      max,
    );
    const missed = [...ids].find((id) => id > last && id <= max);
    expect(missed, `seed ${rng.seed}, round ${round}: after ${last}`).toBeUndefined();
  }
});

test('a set whose IDs are counted late does not take its counts of before for those of now', () => {
  const ida = new Ida([1, 2]).union(new Ida()).add(3).add(4).add(5000);
  expect([ida.rank(5000), ida.rank(5000)]).toEqual([4, 4]);
  for (const id of [1, 2]) ida.free(id);
  expect([ida.size, ida.rank(5000), ida.rank(5000)]).toEqual([3, 2, 2]);
});
