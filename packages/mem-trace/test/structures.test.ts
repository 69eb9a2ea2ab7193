// Real structures: operations whose accesses were counted by hand, and the same results with and without the trace.
import { HashTable } from '@idspace/hash-table';
import { budget, random } from '@idspace/testkit';
import { XArray } from '@idspace/xarray';
import { expect, test } from 'vitest';
import { trace } from '../src/index.ts';
import { accessCounts, accessLog } from './support/access-log.ts';

test('a walk through a list: the head, then one link for each element', () => {
  const list = { head: Int32Array.of(3), next: Int32Array.of(0, 0, 1, 2) };
  const walk = (): number => {
    let length = 0;
    for (let at = list.head[0]!; at !== 0; at = list.next[at]!) length++;
    return length;
  };
  const { log, sink } = accessLog();
  const tracing = trace({ list }, sink);
  expect(walk()).toBe(3);
  tracing.stop();
  expect(log).toEqual(['R list.head 0', 'R list.next 3', 'R list.next 2', 'R list.next 1']);
});

test('HashTable.find: the head, two words of each entry passed, all words of the one found', () => {
  const table = new HashTable({ buckets: 8, hash: () => 5 });
  for (let owner = 1; owner <= 10; owner++) table.insert(owner, 0, 77, owner);
  const { take, sink } = accessCounts();
  const tracing = trace({ table }, sink);
  for (let passed = 0; passed < 10; passed++) {
    expect(table.find(10 - passed, 0, 77)).toBe(10 - passed);
    expect(take()).toEqual({
      'reads table.heads': 1,
      'reads table.ownerLo': passed + 1,
      ...(passed > 0 && { 'reads table.next': passed }),
      'reads table.ownerHi': 1,
      'reads table.ids': 1,
      'reads table.handles': 1,
    });
  }
  tracing.stop();
});

test('XArray.load: one slot for each level', () => {
  for (let height = 1; height <= 6; height++) {
    const index = height === 6 ? 2 ** 32 - 1 : 64 ** height - 1;
    const array = new XArray();
    array.store(index, 7);
    expect(array.height).toBe(height);
    const { take, sink } = accessCounts();
    const tracing = trace({ array }, sink);
    expect(array.load(index)).toBe(7);
    expect(take()).toEqual({ 'reads array.slots': height });
    tracing.stop();
  }
});

test('an XArray answers the same, traced or not, through growth, pauses and the end', () => {
  for (let seed = 1; seed <= budget(10, 2); seed++) {
    const rng = random(seed);
    const traced = new XArray();
    const plain = new XArray();
    const { take, sink } = accessCounts();
    const tracing = trace({ traced }, sink);
    for (let step = 0; step < 1500; step++) {
      if (step % 500 === 499) tracing.pause();
      if (step % 600 === 599) tracing.resume();
      if (step === 1400) tracing.stop();
      const index = rng.below(2 ** rng.pick([6, 12, 20, 32]));
      const entry = rng.between(1, 1000);
      const use = rng.pick<(array: XArray) => unknown>([
        (array) => array.store(index, entry),
        (array) => array.load(index),
        (array) => array.erase(index),
        (array) => array.insert(index, entry),
        (array) => array.find(index),
      ]);
      expect(use(traced), `seed ${rng.seed}, step ${step}`).toBe(use(plain));
    }
    expect([...traced]).toEqual([...plain]);
    expect(Object.keys(take()).sort()).toEqual(
      ['reads', 'writes'].flatMap((kind) => [`${kind} traced.meta`, `${kind} traced.slots`]),
    );
  }
});

test('a HashTable answers the same, traced or not, through growth', () => {
  for (let seed = 1; seed <= budget(10, 2); seed++) {
    const rng = random(seed);
    const traced = new HashTable({ buckets: 16, capacity: 1 });
    const plain = new HashTable({ buckets: 16, capacity: 1 });
    const tracing = trace({ traced }, () => {});
    for (let step = 0; step < 1000; step++) {
      const [owner, id, handle] = [rng.below(4), rng.below(64), rng.between(1, 9)];
      const use = rng.pick<(table: HashTable) => unknown>([
        (table) => table.insert(owner, 0, id, handle),
        (table) => table.find(owner, 0, id),
        (table) => table.remove(owner, 0, id),
      ]);
      expect(use(traced), `seed ${rng.seed}, step ${step}`).toBe(use(plain));
    }
    expect([...traced.chainLengths()]).toEqual([...plain.chainLengths()]);
    tracing.stop();
  }
});
