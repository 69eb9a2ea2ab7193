// number-allocator's calls on IdPool.
import { IdPool } from '@idspace/next-id';
import { NumberAllocator } from 'number-allocator';
import { expect } from 'vitest';
import { type Behaviour, compare } from '../support/behaviours.ts';

interface Allocator {
  alloc(): number | null;
  firstVacant(): number | null;
  use(id: number): boolean;
  free(id: number): void;
  clear(): void;
}

class OnIdPool implements Allocator {
  private readonly pool = new IdPool({ min: 1, max: 6 });

  alloc(): number | null {
    const id = this.pool.allocate();
    return id < 0 ? null : id;
  }

  firstVacant(): number | null {
    const id = this.alloc();
    if (id !== null) this.pool.free(id);
    return id;
  }

  use(id: number): boolean {
    return id >= this.pool.min && id <= this.pool.max && this.pool.reserve(id);
  }

  free(id: number): void {
    this.pool.free(id);
  }

  clear(): void {
    this.pool.clear();
  }
}

const take = (ids: Allocator, count: number): (number | null)[] => Array.from({ length: count }, () => ids.alloc());

const behaviours: Behaviour<Allocator>[] = [
  ['numbers come from the smallest up', (ids) => expect(take(ids, 3)).toEqual([1, 2, 3])],
  ['after the largest there is none', (ids) => expect(take(ids, 8)).toEqual([1, 2, 3, 4, 5, 6, null, null])],
  [
    'the first vacant number is told, not taken',
    (ids) => expect([ids.firstVacant(), ids.firstVacant(), ids.alloc(), ids.firstVacant()]).toEqual([1, 1, 1, 2]),
  ],
  [
    'the first vacant number of a full allocator is none',
    (ids) => {
      take(ids, 6);
      expect(ids.firstVacant()).toBeNull();
    },
  ],
  [
    'a freed number is the next',
    (ids) => {
      take(ids, 4);
      ids.free(2);
      expect(take(ids, 2)).toEqual([2, 5]);
    },
  ],
  [
    'of several freed numbers, the lowest is the next',
    (ids) => {
      take(ids, 6);
      ids.free(5);
      ids.free(3);
      expect(take(ids, 3)).toEqual([3, 5, null]);
    },
  ],
  [
    'adjacent numbers can be freed upwards',
    (ids) => {
      take(ids, 6);
      ids.free(2);
      ids.free(3);
      ids.free(4);
      expect(take(ids, 4)).toEqual([2, 3, 4, null]);
    },
    { theirs: 'the lowest of them is lost until clear()' },
  ],
  [
    'adjacent numbers can be freed downwards',
    (ids) => {
      take(ids, 6);
      ids.free(4);
      ids.free(3);
      ids.free(2);
      expect(take(ids, 4)).toEqual([2, 3, 4, null]);
    },
  ],
  [
    'freeing the number between two vacant ones joins them',
    (ids) => {
      take(ids, 6);
      ids.free(2);
      ids.free(4);
      ids.free(3);
      expect(take(ids, 4)).toEqual([2, 3, 4, null]);
    },
  ],
  ['a given number can be taken', (ids) => expect([ids.use(3), ...take(ids, 3)]).toEqual([true, 1, 2, 4])],
  [
    'the smallest and the largest can be taken',
    (ids) => expect([ids.use(1), ids.use(6), ...take(ids, 5)]).toEqual([true, true, 2, 3, 4, 5, null]),
  ],
  [
    'a taken number cannot be taken',
    (ids) => {
      take(ids, 2);
      expect([ids.use(2), ids.use(3), ids.use(3)]).toEqual([false, true, false]);
    },
  ],
  ['a number outside cannot be taken', (ids) => expect([ids.use(0), ids.use(7)]).toEqual([false, false])],
  [
    'a number that was taken by name can be freed',
    (ids) => {
      ids.use(1);
      ids.free(1);
      expect(ids.alloc()).toBe(1);
    },
  ],
  [
    'freeing a number outside does nothing',
    (ids) => {
      ids.free(0);
      ids.free(7);
      expect(take(ids, 7)).toEqual([1, 2, 3, 4, 5, 6, null]);
    },
  ],
  [
    'after clear, all are vacant',
    (ids) => {
      take(ids, 6);
      ids.clear();
      expect(take(ids, 7)).toEqual([1, 2, 3, 4, 5, 6, null]);
    },
  ],
  [
    'taking a number splits what is vacant, again and again',
    (ids) => expect([ids.use(2), ids.use(4), ids.use(6), ...take(ids, 4)]).toEqual([true, true, true, 1, 3, 5, null]),
  ],
];

compare<Allocator>({
  peer: 'number-allocator',
  ours: 'IdPool',
  // Its types say Boolean where it returns a boolean.
  makeTheirs: () => new NumberAllocator(1, 6) as unknown as Allocator,
  makeOurs: () => new OnIdPool(),
  behaviours,
  counts: { both: 16, theirs: 0, ours: 1 },
});
