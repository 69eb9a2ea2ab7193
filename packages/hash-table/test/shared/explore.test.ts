// Every order in which two or three actors can make their accesses, on the code that ships.
import { explore, summarize } from '@idspace/testkit/explore';
import { describe, expect, test } from 'vitest';
import { BROKEN, PROTOCOLS } from '../support/protocols.ts';

describe('holds in every schedule:', () => {
  test.each(Object.entries(PROTOCOLS))('%s', (name, protocol) => {
    const found = explore(protocol);
    console.log(summarize(name, found));
    expect(found.failure).toBeNull();
    expect(found.schedules).toBeGreaterThan(100n);
  });
});

describe('is found out:', () => {
  test.each(Object.entries(BROKEN))('%s', (_, { protocol, message }) => {
    expect(explore(protocol).failure?.message).toContain(message);
  });
});
