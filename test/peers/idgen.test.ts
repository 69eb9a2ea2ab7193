// @thi.ng/idgen's calls on GenerationalId.
import { GenerationalId } from '@idspace/next-id';
import { IDGen } from '@thi.ng/idgen';
import { expect } from 'vitest';
import { type Behaviour, compare } from '../support/behaviours.ts';

interface Generator {
  next(): number;
  free(id: number): boolean;
  has(id: number): boolean;
  id(id: number): number;
  version(id: number): number;
  readonly used: number;
  readonly available: number;
  [Symbol.iterator](): Iterator<number>;
  clear(): void;
}

const SLOTS = 4;

class OnGenerationalId implements Generator {
  private readonly ids = new GenerationalId({ slotBits: SLOTS });

  next(): number {
    const id = this.ids.allocate();
    if (id < 0) throw new Error('all are in use');
    return id;
  }

  free(id: number): boolean {
    return this.ids.free(id);
  }

  has(id: number): boolean {
    return this.ids.has(id);
  }

  id(id: number): number {
    return id & (2 ** SLOTS - 1);
  }

  version(id: number): number {
    return id >>> SLOTS;
  }

  get used(): number {
    return this.ids.size;
  }

  get available(): number {
    return 2 ** SLOTS - this.ids.size;
  }

  [Symbol.iterator](): Iterator<number> {
    return this.ids[Symbol.iterator]();
  }

  clear(): void {
    this.ids.clear();
  }
}

const take = (ids: Generator, count: number): number[] => Array.from({ length: count }, () => ids.next());

const behaviours: Behaviour<Generator>[] = [
  ['IDs come from 0 up', (ids) => expect(take(ids, 4)).toEqual([0, 1, 2, 3])],
  [
    'a freed slot comes back as the next version',
    (ids) => {
      take(ids, 2);
      ids.free(1);
      expect(ids.next()).toBe(1 + 2 ** SLOTS);
    },
  ],
  [
    'an ID is taken apart into slot and version',
    (ids) => {
      take(ids, 3);
      ids.free(2);
      const id = ids.next();
      expect([ids.id(id), ids.version(id)]).toEqual([2, 1]);
    },
  ],
  [
    'versions go up with each life',
    (ids) => {
      const versions = Array.from({ length: 5 }, () => {
        const id = ids.next();
        ids.free(id);
        return ids.version(id);
      });
      expect(versions).toEqual([0, 1, 2, 3, 4]);
    },
  ],
  [
    'an ID in use is there',
    (ids) => {
      take(ids, 2);
      expect([ids.has(0), ids.has(1)]).toEqual([true, true]);
    },
  ],
  [
    'an ID never handed out is not',
    (ids) => {
      take(ids, 2);
      expect(ids.has(2)).toBe(false);
    },
  ],
  [
    'a freed ID is not',
    (ids) => {
      take(ids, 2);
      ids.free(0);
      expect(ids.has(0)).toBe(false);
    },
  ],
  [
    'a stale ID is not, when its slot is used again',
    (ids) => {
      take(ids, 1);
      ids.free(0);
      ids.next();
      expect(ids.has(0)).toBe(false);
    },
  ],
  [
    'an ID is freed once',
    (ids) => {
      take(ids, 1);
      expect([ids.free(0), ids.free(0)]).toEqual([true, false]);
    },
  ],
  [
    'a stale ID frees nothing',
    (ids) => {
      take(ids, 1);
      ids.free(0);
      ids.next();
      expect([ids.free(0), ids.used]).toEqual([false, 1]);
    },
  ],
  [
    'what is used and what is available is counted',
    (ids) => {
      take(ids, 5);
      ids.free(3);
      expect([ids.used, ids.available]).toEqual([4, 12]);
    },
  ],
  [
    'there are as many IDs as slots, then an error',
    (ids) => {
      take(ids, 16);
      expect(ids.available).toBe(0);
      expect(() => ids.next()).toThrow();
    },
  ],
  [
    'after the error, a freed slot can be used',
    (ids) => {
      take(ids, 16);
      ids.free(7);
      expect(ids.id(ids.next())).toBe(7);
    },
  ],
  [
    'the IDs in use are listed',
    (ids) => {
      take(ids, 4);
      ids.free(1);
      expect([...ids].sort((a, b) => a - b)).toEqual([0, 2, 3]);
    },
  ],
  [
    'after clear none is in use',
    (ids) => {
      take(ids, 4);
      ids.clear();
      expect([ids.used, [...ids]]).toEqual([0, []]);
    },
  ],
  [
    'after clear IDs begin with 0',
    (ids) => {
      take(ids, 4);
      ids.clear();
      expect(ids.next()).toBe(0);
    },
    { ours: 'the slots go on with their next versions: handles of before stay stale' },
  ],
  [
    'of two freed slots, the one freed last is used first',
    (ids) => {
      take(ids, 4);
      ids.free(3);
      ids.free(1);
      ids.free(2);
      expect(ids.id(ids.next())).toBe(2);
    },
    { ours: 'the lowest is used first' },
  ],
];

compare<Generator>({
  peer: '@thi.ng/idgen',
  ours: 'GenerationalId',
  makeTheirs: () => new IDGen(SLOTS, 31 - SLOTS),
  makeOurs: () => new OnGenerationalId(),
  behaviours,
  counts: { both: 15, theirs: 2, ours: 0 },
});
