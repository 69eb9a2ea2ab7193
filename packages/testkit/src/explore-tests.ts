// The tests of a package's protocols: those that hold, in every schedule, and broken ones, which must be found out.
import { describe, expect, test } from 'vitest';
import { explore, type Protocol, summarize } from './explore/index.ts';

/** A protocol that does not hold, and words of the failure that shows it. */
export interface BrokenProtocol {
  readonly protocol: Protocol;
  readonly message: string;
}

/** Defines a test for each protocol, by name, over every order in which its actors can make their accesses. */
export function testProtocols(
  protocols: Readonly<Record<string, Protocol>>,
  broken: Readonly<Record<string, BrokenProtocol>> = {},
): void {
  describe('holds in every schedule:', () => {
    test.each(Object.entries(protocols))('%s', (name, protocol) => {
      const found = explore(protocol);
      console.log(summarize(name, found));
      expect(found.failure).toBeNull();
      expect(found.schedules).toBeGreaterThan(100n);
    });
  });

  if (Object.keys(broken).length === 0) return;
  describe('is found out:', () => {
    test.each(Object.entries(broken))('%s', (_, { protocol, message }) => {
      expect(explore(protocol).failure?.message).toContain(message);
    });
  });
}
