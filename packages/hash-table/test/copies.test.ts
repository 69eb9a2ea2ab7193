// What becomes of a table in calls that look at fields: copied it would lose its methods, so it refuses.
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
