// Ida as a source of IDs and as a set, and what it is compared with.
import { expectSame, type Models, modelCase, type Random } from '@idspace/testkit';
import { Ida } from '../../src/index.ts';

const MAX_ID = 2 ** 31 - 1;

/** Where IDs are put: within a word, a leaf, some leaves, at both ends of a level, at the very end. */
export const BASES: readonly number[] = [0, 1000, 32_700, 2 ** 20 - 40, 2 ** 30 - 2000, MAX_ID - 1100];

export const ascending = (ids: Iterable<number>): number[] => [...ids].sort((a, b) => a - b);

/** Runs of consecutive numbers in an ascending list. */
export function runsOf(ids: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const id of ids) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === id - 1) last[1] = id;
    else runs.push([id, id]);
  }
  return runs;
}

/** The same calls over a Set. */
class SetOracle {
  readonly ids: Set<number> = new Set();
  private run(first: number, last: number): number[] {
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  }
  lowestFree(length: number, min: number, max: number): number {
    for (let first = min; first + length - 1 <= max; first++) {
      const blocker = this.run(first, first + length - 1).findLast((id) => this.ids.has(id));
      if (blocker === undefined) return first;
      first = blocker;
    }
    return -1;
  }
  allocateRun(length: number, min: number, max: number): number {
    const first = this.lowestFree(length, min, max);
    if (first >= 0) for (const id of this.run(first, first + length - 1)) this.ids.add(id);
    return first;
  }
  reserve(id: number): boolean {
    return !this.ids.has(id) && this.ids.add(id) !== undefined;
  }
  reserveRange(first: number, last: number): boolean {
    const run = this.run(first, last);
    if (run.some((id) => this.ids.has(id))) return false;
    for (const id of run) this.ids.add(id);
    return true;
  }
  freeRange(first: number, last: number): number {
    return this.run(first, last).filter((id) => this.ids.delete(id)).length;
  }
  get sorted(): number[] {
    return ascending(this.ids);
  }
}

type Cases = Models[string];
const PATTERNS: [string, (rng: Random) => number][] = [
  ['dense', (rng) => rng.below(3000)],
  ['sparse', (rng) => rng.below(2 ** 31)],
  ['clustered', (rng) => rng.below(6) * 0x1500_0000 + rng.below(1500)],
  ['at the end', (rng) => MAX_ID - rng.below(3000)],
];

function handingOut(id: (rng: Random) => number): ReturnType<typeof modelCase> {
  const lowest = (set: Set<number>, min: number, max: number): number => {
    for (let i = min; i <= max; i++) if (!set.has(i)) return i;
    return -1;
  };
  const limits = (rng: Random): [number, number] => {
    const min = rng.chance(0.3) ? 0 : id(rng);
    return [min, rng.chance(0.5) ? MAX_ID : Math.min(MAX_ID, min + rng.below(200))];
  };
  const recent: number[] = [];

  return modelCase<Ida, Set<number>>({
    subject: new Ida(),
    oracle: new Set<number>(),
    operations: {
      allocate: {
        weight: 12,
        args: limits,
        subject: (ida, min: never, max: never) => ida.allocate(min, max),
        oracle: (set, min: never, max: never) => {
          const got = lowest(set, min, max);
          if (got >= 0) {
            set.add(got);
            recent[recent.length % 2000] = got;
          }
          return got;
        },
      },
      free: {
        weight: 12,
        args: (rng) => [recent.length > 0 && rng.chance(0.8) ? rng.pick(recent) : id(rng)],
        subject: (ida, i: never) => ida.free(i),
        oracle: (set, i: never) => set.delete(i),
      },
      has: { args: (rng) => [id(rng)], subject: (ida, i: never) => ida.has(i), oracle: (set, i: never) => set.has(i) },
      findFirst: {
        args: (rng) => {
          const min = recent.length > 0 ? rng.pick(recent) : 0;
          return [Math.max(0, min - rng.below(3)), min + rng.below(Math.min(100, 2 ** 31 - min))];
        },
        subject: (ida, min: never, max: never) => ida.findFirst(min, max),
        oracle: (set, min: number, max: number) => {
          for (let i = min; i <= max; i++) if (set.has(i)) return i;
          return -1;
        },
      },
      size: { args: () => [], subject: (ida) => ida.size, oracle: (set) => set.size },
    },
    check: (ida, set) =>
      expectSame(
        [...ida],
        [...set].sort((a, b) => a - b),
      ),
    checkEvery: 5000,
  });
}

function asSet(base: number): ReturnType<typeof modelCase> {
  const top = Math.min(base + 5000, MAX_ID);
  const anId = (rng: Random): number => Math.min(top, base + rng.below(rng.pick([40, 1100, 5000])));
  const aRange = (rng: Random): [number, number] => {
    const first = anId(rng);
    return [first, Math.min(top, first + rng.below(rng.pick([2, 40, 2100])))];
  };
  const taken = (o: SetOracle, [from, max]: [number, number]): number[] =>
    o.sorted.filter((id) => id >= from && id <= max);

  return modelCase<Ida, SetOracle>({
    subject: new Ida(),
    oracle: new SetOracle(),
    checkEvery: 400,
    check: (ida, o) => {
      expectSame([ida.size, [...ida]], [o.ids.size, o.sorted]);
      expectSame([...ida.takenRanges()], runsOf(o.sorted));
      expectSame([...Ida.from(ida.snapshot()).keys()], o.sorted);
    },
    operations: {
      allocate: {
        weight: 4,
        args: (rng) => aRange(rng),
        subject: (a, min: number, max: number) => [a.peek(min, max), a.allocate(min, max)],
        oracle: (o, min: number, max: number) => {
          const id = o.allocateRun(1, min, max);
          return [id, id];
        },
      },
      free: {
        weight: 4,
        args: (rng) => [anId(rng)],
        subject: (a, id: number) => a.free(id),
        oracle: (o, id: number) => o.ids.delete(id),
      },
      delete: {
        args: (rng) => [anId(rng)],
        subject: (a, id: number) => a.delete(id),
        oracle: (o, id: number) => o.ids.delete(id),
      },
      add: {
        args: (rng) => [anId(rng)],
        subject: (a, id: number) => a.add(id).has(id),
        oracle: (o, id: number) => o.ids.add(id).has(id),
      },
      reserve: {
        weight: 3,
        args: (rng) => [anId(rng)],
        subject: (a, id: number) => a.reserve(id),
        oracle: (o, id: number) => o.reserve(id),
      },
      allocateRun: {
        args: (rng) => [rng.pick([1, 2, 31, 33, 700]), ...aRange(rng)],
        subject: (a, n: number, min: number, max: number) => a.allocateRun(n, min, max),
        oracle: (o, n: number, min: number, max: number) => o.allocateRun(n, min, max),
      },
      reserveRange: {
        args: aRange,
        subject: (a, x: number, y: number) => a.reserveRange(x, y),
        oracle: (o, x: number, y: number) => o.reserveRange(x, y),
      },
      freeRange: {
        args: aRange,
        subject: (a, x: number, y: number) => a.freeRange(x, y),
        oracle: (o, x: number, y: number) => o.freeRange(x, y),
      },
      count: {
        args: aRange,
        subject: (a, x: number, y: number) => a.count(x, y),
        oracle: (o, x: number, y: number) => taken(o, [x, y]).length,
      },
      rank: {
        args: (rng) => [anId(rng)],
        subject: (a, id: number) => a.rank(id),
        oracle: (o, id: number) => o.sorted.filter((one) => one < id).length,
      },
      nth: {
        args: (rng) => [rng.below(3000)],
        subject: (a, k: number) => a.nth(k),
        oracle: (o, k: number) => o.sorted[k] ?? -1,
      },
      takenRanges: {
        args: aRange,
        subject: (a, x: number, y: number) => [...a.takenRanges(x, y)],
        oracle: (o, x: number, y: number) => runsOf(taken(o, [x, y])),
      },
      freeRanges: {
        args: aRange,
        subject: (a, x: number, y: number) => [...a.freeRanges(x, y)],
        oracle: (o, x: number, y: number) =>
          runsOf(Array.from({ length: y - x + 1 }, (_, i) => x + i).filter((id) => !o.ids.has(id))),
      },
      forEach: {
        args: aRange,
        subject: (a, x: number, y: number) => {
          const seen: number[] = [];
          a.forEach((id) => void seen.push(id), x, y);
          return [seen, [...a.range(x, y)]];
        },
        oracle: (o, x: number, y: number) => [taken(o, [x, y]), taken(o, [x, y])],
      },
      compact: { args: () => [], subject: (a) => a.compact(), oracle: () => undefined },
    },
  });
}

export const IDA_CASES: Cases = Object.fromEntries([
  ...PATTERNS.map(([name, id]) => [`${name} IDs`, () => handingOut(id)]),
  ...BASES.map((base) => [`a set, from ${base} on`, () => asSet(base)]),
]);
