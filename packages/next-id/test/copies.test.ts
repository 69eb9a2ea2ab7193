// What becomes of the classes in calls that look at fields: copied they would lose their methods, so they refuse.
import { MessageChannel } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { GenerationalId, IdPool, NextId, quarantine, SecondaryMap, SlotMap } from '../src/index.ts';
import { SharedIdPool, SharedNextId } from '../src/shared/index.ts';

/** Bun's error does not name the value that cannot be copied. */
const words = 'Bun' in globalThis ? '' : '@idspace/next-id: send its snapshot or handle';

test.each([
  ['NextId', () => new NextId()],
  ['IdPool', () => new IdPool()],
  ['GenerationalId', () => new GenerationalId()],
  ['SlotMap', () => new SlotMap()],
  ['SecondaryMap', () => new SecondaryMap({ slot: () => -1 })],
  ['SharedIdPool', () => new SharedIdPool({ max: 9 })],
  ['SharedNextId', () => new SharedNextId()],
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

test('a pool with an ID in quarantine can be written as JSON', () => {
  const pool = new IdPool();
  quarantine(pool, pool.allocate());
  expect(JSON.parse(JSON.stringify(pool))).toMatchObject({ min: 0, taken: 0, held: 1 });
});
