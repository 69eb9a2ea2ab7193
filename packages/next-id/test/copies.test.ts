// What becomes of the classes in calls that look at fields.
import { testLines, testRefusedCopies } from '@idspace/testkit/copies-tests';
import { expect, test } from 'vitest';
import { GenerationalId, IdPool, NextId, quarantine, SecondaryMap, SlotMap } from '../src/index.ts';
import { SharedIdPool, SharedNextId } from '../src/shared/index.ts';

testRefusedCopies(
  {
    NextId: () => new NextId(),
    IdPool: () => new IdPool(),
    GenerationalId: () => new GenerationalId(),
    SlotMap: () => new SlotMap(),
    SecondaryMap: () => new SecondaryMap({ slot: () => -1 }),
    SharedIdPool: () => new SharedIdPool({ max: 9 }),
    SharedNextId: () => new SharedNextId(),
  },
  '@idspace/next-id: send its snapshot or handle',
);

testLines({
  'NextId { next: 0, max: 2147483647 }': () => new NextId(),
  'IdPool(0) { min: 0, max: 2147483647 }': () => new IdPool({ reuse: { delay: 9 } }),
  'GenerationalId(0) { slotBits: 20 }': () => new GenerationalId(),
  "SharedIdPool(0) { min: 0, max: 9, reuse: 'lowest' }": () => new SharedIdPool({ max: 9 }),
  'SharedNextId { next: 0, max: 2147483647 }': () => new SharedNextId(),
});

test('as JSON, what holds values of any kind is its size', () => {
  const map = new SlotMap<bigint>();
  const more = new SecondaryMap<bigint>(map);
  more.set(map.insert(1n), 2n);
  expect(JSON.stringify([map, more])).toBe('["SlotMap(1)","SecondaryMap(1)"]');
});

test('a pool with an ID in quarantine can be written as JSON', () => {
  const pool = new IdPool();
  quarantine(pool, pool.allocate());
  expect(JSON.stringify(pool)).toBe('"IdPool(0) { min: 0, max: 2147483647 }"');
});
