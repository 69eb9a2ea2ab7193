// Ida as a set: every call against a Set of numbers, and the operations on two sets against loops over both.
import { budget, type Random, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { Ida } from '../src/index.ts';
import { ascending, BASES } from './support/ida-models.ts';

const MAX_ID = 2 ** 31 - 1;

/** IDs in clusters: single ones, runs, whole leaves. */
function someIds(rng: Random): number[] {
  const ids: number[] = [];
  for (let n = rng.below(5); n > 0; n--) {
    const base = rng.pick(BASES) + rng.below(40);
    const length = Math.min(rng.pick([1, 3, 33, 300, 1024, 2500]), MAX_ID - base + 1);
    const share = rng.pick([0.02, 0.5, 1]);
    for (let i = 0; i < length; i++) if (rng.chance(share)) ids.push(base + i);
  }
  return ids;
}

describe('two sets', () => {
  test('union, intersection, difference, symmetricDifference, isSubsetOf, isSupersetOf, isDisjointFrom', () => {
    const rng = random(41);
    for (let round = 0; round < budget(1000); round++) {
      const where = `seed ${rng.seed}, round ${round}`;
      const [a, b] = [new Set(someIds(rng)), new Set(someIds(rng))];
      if (rng.chance(0.3)) for (const id of a) if (rng.chance(0.9)) b.add(id);
      const [left, right] = [new Ida(rng.shuffle([...a])), new Ida(b)];
      // One that waits is free, though its bit is set.
      for (const [ida, set] of [
        [left, a],
        [right, b],
      ] as const) {
        const gone = ascending(set)[rng.below(set.size || 1)];
        if (gone === undefined || rng.chance(0.7)) continue;
        set.delete(gone);
        ida.free(gone);
      }
      const other = rng.chance(0.2) ? b : right;
      const expected = {
        union: ascending(new Set([...a, ...b])),
        intersection: ascending([...a].filter((id) => b.has(id))),
        difference: ascending([...a].filter((id) => !b.has(id))),
        symmetricDifference: ascending([...a].filter((id) => !b.has(id)).concat([...b].filter((id) => !a.has(id)))),
      };
      for (const [call, ids] of Object.entries(expected)) {
        const made = left[call as keyof typeof expected](other);
        // The size first or last: it is counted when it is asked for.
        if (rng.chance(0.5)) expect(made.size, `${where}: ${call}`).toBe(ids.length);
        expect([...made], `${where}: ${call}`).toEqual(ids);
        const next = made.peek();
        expect([made.allocate(), made.size], `${where}: ${call}, then allocate`).toEqual([
          next,
          ids.length + (next < 0 ? 0 : 1),
        ]);
      }
      expect(left.isSubsetOf(other), where).toBe([...a].every((id) => b.has(id)));
      expect(left.isSupersetOf(other), where).toBe([...b].every((id) => a.has(id)));
      expect(left.isDisjointFrom(other), where).toBe(![...a].some((id) => b.has(id)));
      expect([[...left], left.size, [...right], right.size], where).toEqual([
        ascending(a),
        a.size,
        ascending(b),
        b.size,
      ]);
    }
  });

  test('what is made of a set and itself, or none', () => {
    const ida = new Ida([5, 70, 4096]);
    const none = new Ida(null);
    expect([...ida.union(ida)]).toEqual([5, 70, 4096]);
    expect([...ida.difference(ida)]).toEqual([]);
    expect([...none.union(none), none.union(none).size, none.union(none).byteLength]).toEqual([0, 0]);
    expect([ida.isSubsetOf(ida), none.isSubsetOf(ida), ida.isSubsetOf(none), none.isDisjointFrom(none)]).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });

  test('a set of full leaves stays full: nothing is handed out from them', () => {
    const [a, b] = [new Ida(), new Ida()];
    a.reserveRange(0, 40_000);
    b.reserveRange(30_000, 2 ** 20 - 1);
    expect([a.union(b).allocate(), a.intersection(b).allocate(30_000), a.union(b).size]).toEqual([
      2 ** 20,
      40_001,
      2 ** 20,
    ]);
  });

  test('takes whatever has size, has and keys, and refuses the rest', () => {
    const ida = new Ida([1, 2]);
    expect([...ida.union(new Map([[7, 'x']]))]).toEqual([1, 2, 7]);
    for (const bad of [null, undefined, 5, [1], 'ab']) {
      expect(() => ida.union(bad as never)).toThrow('Ida.union: other: got');
      expect(() => ida.isSubsetOf(bad as never)).toThrow('Ida.isSubsetOf: other: got');
    }
    expect(() => ida.difference(new Set([-1]))).toThrow(
      'Ida.difference: other: got -1, expected integers 0…2147483647 in it',
    );
    expect(() => new Ida([3, 2 ** 31])).toThrow('new Ida: ids[1]: got 2147483648, expected an integer 0…2147483647');
    expect(() => new Ida(5 as never)).toThrow('new Ida: ids: got 5, expected an iterable of IDs');
  });

  // As the specification of Set.prototype.union asks it; Node 20 has no such method.
  test('is what Set.prototype.union takes', () => {
    const union = (Set.prototype as { union?: (other: unknown) => Set<number> }).union;
    const ida = new Ida([9, 4]);
    if (union !== undefined) expect([...union.call(new Set([1]), ida)]).toEqual([1, 4, 9]);
    const { size, has, keys } = ida as Ida & { size: number };
    expect([Number(size), typeof has, typeof keys, typeof keys.call(ida).next]).toEqual([
      2,
      'function',
      'function',
      'function',
    ]);
  });
});

describe('ranges, counts and places', () => {
  test('of all IDs there are', () => {
    const ida = new Ida([0, MAX_ID]);
    expect([...ida.freeRanges()]).toEqual([[1, MAX_ID - 1]]);
    expect([...ida.takenRanges()]).toEqual([
      [0, 0],
      [MAX_ID, MAX_ID],
    ]);
    expect([ida.count(), ida.rank(MAX_ID), ida.nth(1), ida.nth(2), ida.count(5, 4)]).toEqual([2, 1, MAX_ID, -1, 0]);
    expect([...new Ida().freeRanges()]).toEqual([[0, MAX_ID]]);
    expect([ida.allocateRun(2 ** 31), ida.allocateRun(3, MAX_ID - 2), ida.allocateRun(2, MAX_ID - 2)]).toEqual([
      -1,
      -1,
      MAX_ID - 2,
    ]);
    expect(() => ida.allocateRun(0)).toThrow('Ida.allocateRun: length: got 0, expected an integer 1…2147483648');
  });

  test('IDs may be freed and taken while runs are visited', () => {
    const ida = new Ida([1, 2, 3, 10, 11, 20]);
    const seen: number[][] = [];
    for (const run of ida.takenRanges()) {
      seen.push(run);
      if (run[0] !== 1) continue;
      ida.freeRange(0, 10);
      ida.add(15);
    }
    expect(seen).toEqual([
      [1, 3],
      [11, 11],
      [15, 15],
      [20, 20],
    ]);
  });

  test('compact gives memory back after a peak', () => {
    const ida = new Ida();
    for (let i = 0; i < 100_000; i++) ida.allocate();
    ida.freeRange(10, 99_999);
    const before = ida.byteLength;
    ida.compact();
    expect([before > 10_000, ida.byteLength, ida.size, ida.allocate()]).toEqual([true, 280, 10, 10]);
  });
});

describe('trees of different heights', () => {
  /** Nodes that a tree needs: its leaves and what is above them, and the node of zeroes. */
  const bytesFor = (ids: readonly number[]): number => {
    if (ids.length === 0) return 0;
    let nodes = 1;
    const highest = Math.max(0, ...ids);
    for (let shift = 10; ; shift += 5) {
      nodes += Math.max(1, new Set(ids.map((id) => Math.floor(id / 2 ** shift))).size);
      if (highest < 2 ** shift) return nodes * 140;
    }
  };

  test.each([
    [[5], [MAX_ID]],
    [[], [MAX_ID]],
    [
      [5, 40_000],
      [40_001, 2 ** 25],
    ],
    [
      [5, 2 ** 25],
      [5, 2 ** 30],
    ],
    [
      [1, 2, 2 ** 20],
      [1, 2 ** 20],
    ],
  ])('%j and %j: the result is as high as it must be, and goes on working', (left, right) => {
    for (const [x, y] of [
      [left, right],
      [right, left],
    ] as const) {
      const [a, b] = [new Ida(x), new Ida(y)];
      const results: [Ida, number[]][] = [
        [a.union(b), ascending(new Set([...x, ...y]))],
        [a.intersection(b), x.filter((id) => y.includes(id))],
        [a.difference(b), x.filter((id) => !y.includes(id))],
        [a.symmetricDifference(b), ascending([...x, ...y].filter((id) => x.includes(id) !== y.includes(id)))],
      ];
      expect([a.isSubsetOf(b), a.isDisjointFrom(b)]).toEqual([
        x.every((id) => y.includes(id)),
        !x.some((id) => y.includes(id)),
      ]);
      for (const [made, expected] of results) {
        expect([...made]).toEqual(expected);
        const free = made.peek();
        expect([made.allocate(), made.free(free), made.count()]).toEqual([free, true, expected.length]);
        made.compact();
        expect([[...made], made.byteLength]).toEqual([expected, bytesFor(expected)]);
        for (const id of expected) expect(made.free(id)).toBe(true);
        expect([made.size, made.allocate(MAX_ID), made.find()]).toEqual([0, MAX_ID, MAX_ID]);
      }
    }
  });
});
