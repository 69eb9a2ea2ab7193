// What becomes of a table in calls that look at fields: copied it would lose its methods, so it refuses.
import { inspect } from 'node:util';
import { MessageChannel } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { HashTable } from '../src/index.ts';
import { SharedHashTable } from '../src/shared/index.ts';

/** Bun's error does not name the value that cannot be copied. */
const words = 'Bun' in globalThis ? '' : '@idspace/hash-table: send its snapshot or handle';

test.each([
  ['HashTable', () => new HashTable()],
  ['SharedHashTable', () => new SharedHashTable({ capacity: 9 })],
] as const)('%s refuses structuredClone and postMessage, and says what to send', (_name, make) => {
  const { port1 } = new MessageChannel();
  for (const copy of [
    () => structuredClone(make()),
    () => structuredClone({ deep: [make()] }),
    () => port1.postMessage(make()),
  ]) {
    expect(copy).toThrow(expect.objectContaining({ name: 'DataCloneError', message: expect.stringContaining(words) }));
  }
  port1.close();
});

test.each([
  ["HashTable(0) { buckets: 512, hash: 'hash32', locking: 'global' }", () => new HashTable()],
  [
    "SharedHashTable(0) { buckets: 16, hash: 'hash32', locking: 'bucket', owner: 1 }",
    () => new SharedHashTable({ capacity: 9 }),
  ],
] as const)('as JSON it is the line of console.log: %s', (line, make) => {
  expect(inspect(make())).toBe(line);
  expect(JSON.stringify({ in: make() })).toBe(JSON.stringify({ in: line }));
});
