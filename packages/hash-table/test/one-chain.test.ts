// A table that was given no capacity has its buckets later than one that was; nothing but its bytes may show that.
import { budget, expectSame, random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { HashTable, type HashTableOptions } from '../src/index.ts';

const KINDS: HashTableOptions[] = [
  {},
  { buckets: 32, locking: 'bucket' },
  { buckets: 1024, hash: 'jhash2', locking: 'bucket' },
  { buckets: 64, seed: 9 },
];

/** Runs so many calls; returns all that they answered, and what each observer says at last. */
function seen(table: HashTable, seed: number, calls: number): unknown[] {
  const rng = random(seed);
  const log: unknown[] = [];
  const most = rng.pick([10, 40]);
  for (let i = 0; i < calls; i++) {
    const [lo, hi, id, handle] = [rng.below(2), rng.pick([0, -1]), rng.below(most), rng.between(1, 99)];
    const roll = rng.below(100);
    if (roll < 45) log.push(table.insert(lo, hi, id, handle));
    else if (roll < 55) table.insertNew(lo, hi, id, handle);
    else if (roll < 75) log.push(table.remove(lo, hi, id));
    else if (roll < 85) log.push(table.find(lo, hi, id));
    else if (roll < 90) log.push(table.replace(lo, hi, id, handle));
    else if (roll < 95) log.push(table.compareExchange(lo, hi, id, 5, handle));
    else if (roll === 99 && rng.chance(0.2)) table.clear();
  }
  table.forEach((...entry) => {
    log.push(entry);
  });
  log.push(table.size, { ...table.locks }, String(table));
  const last: (() => void)[] = [
    () => log.push(table.chainLengths()),
    () => log.push(table.chainStats()),
    () => log.push(table.snapshot()),
    () => table.retain((...entry) => log.push(entry) % 2 === 0),
  ];
  for (const observe of rng.shuffle(last)) observe();
  log.push(table.snapshot(), { ...table.locks });
  for (let id = 0; id < 40; id++) log.push(table.insert(0, 0, id, id + 1));
  log.push(table.snapshot(), { ...table.locks });
  return log;
}

test.each(KINDS)('%j: answers as a table that has its buckets from the start', (options) => {
  const seed = random(41).u32();
  for (let run = 0; run < budget(300); run++) {
    const [late, early] = [{}, { capacity: 15 }].map((more) =>
      seen(new HashTable({ ...options, ...more }), seed + run, run % 90),
    );
    expectSame(late, early, `seed ${seed + run}`);
  }
});

test('a function is called for each key; a table of few buckets and one with a capacity have theirs from the start', () => {
  let calls = 0;
  const table = new HashTable({ hash: () => calls++ });
  table.insert(0, 0, 1, 1);
  table.find(0, 0, 1);
  expect(calls).toBe(2);
  expect(table.byteLength).toBe(16 * 20 + 512 * 4 + 4);
  expect(new HashTable({ buckets: 16 }).byteLength).toBe(16 * 20 + 16 * 4 + 4);
  expect(new HashTable({ capacity: 3 }).byteLength).toBe(4 * 20 + 512 * 4 + 4);
  expect(new HashTable({ locking: 'bucket' }).byteLength).toBe(16 * 20 + 4 + 4);
});
