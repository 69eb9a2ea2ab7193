// Every order in which two or three threads can make their accesses, on the code that ships.
import { explore, summarize } from '@idspace/testkit/explore';
import { expect, test } from 'vitest';
import { PROTOCOLS } from '../support/protocols.ts';

test.each(Object.entries(PROTOCOLS))('holds in every schedule: %s', (name, protocol) => {
  const found = explore(protocol);
  console.log(summarize(name, found));
  expect(found.failure).toBeNull();
  expect(found.schedules).toBeGreaterThan(100n);
});
