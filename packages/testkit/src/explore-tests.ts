// The tests of a package's protocols: those that hold, in every schedule that the budget allows, and broken ones, which must
// be found out.
import { describe, expect, test } from 'vitest';
import { BUDGET_SHARE, budget } from './budget.ts';
import { explore, type Failure, type Protocol, summarize } from './explore/index.ts';

/** A protocol that does not hold, and words of the failure that shows it. */
export interface BrokenProtocol {
  readonly protocol: Protocol;
  readonly message: string;
}

/** States that are expanded after each number of steps: all in the full budget. A mistake takes more of them to be found. */
const WIDTH = BUDGET_SHARE < 1 ? budget(120, 12) : Number.POSITIVE_INFINITY;
const WIDTH_TO_FIND = BUDGET_SHARE < 1 ? budget(250, 25) : 250;
/** The same for what takes minutes or hours to the end, which `pnpm explore` does. */
const WIDTH_OF_SAMPLE = BUDGET_SHARE < 1 ? budget(120, 12) : 1000;

/**
 * Defines a test for each protocol, by name: over every order in which its actors can make their accesses in the full budget,
 * over some of them in a smaller one.
 *
 * @param sampled Protocols of which some schedules are played in every budget.
 */
export function testProtocols(
  protocols: Readonly<Record<string, Protocol>>,
  broken: Readonly<Record<string, BrokenProtocol>> = {},
  sampled: Readonly<Record<string, Protocol>> = {},
): void {
  describe('holds in every schedule explored:', () => {
    test.each(Object.entries(protocols))('%s', (name, protocol) => {
      const found = explore(protocol, { width: WIDTH });
      console.log(summarize(name, found));
      expect(found.failure).toBeNull();
      if (BUDGET_SHARE >= 1) expect(found.isComplete).toBe(true);
      expect(found.schedules).toBeGreaterThan(100n);
    });
  });

  if (Object.keys(sampled).length > 0) {
    describe('holds in the schedules that were drawn:', () => {
      test.each(Object.entries(sampled))('%s', (name, protocol) => {
        const found = explore(protocol, { width: WIDTH_OF_SAMPLE });
        console.log(summarize(name, found));
        expect(found.failure).toBeNull();
        expect(found.schedules).toBeGreaterThan(100n);
      });
    });
  }

  if (Object.keys(broken).length === 0) return;
  describe('is found out:', () => {
    test.each(Object.entries(broken))('%s', (_, { protocol, message }) => {
      // A narrow search that misses the mistake proves nothing.
      let failure: Failure | null = null;
      for (const times of [1, 10, Number.POSITIVE_INFINITY])
        failure ??= explore(protocol, { width: WIDTH_TO_FIND * times }).failure;
      expect(failure?.message).toContain(message);
    });
  });
}
