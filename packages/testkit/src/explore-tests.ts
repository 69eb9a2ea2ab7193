// The tests of a package's protocols: those that hold, in every schedule that the budget allows, and broken ones, which must
// be found out.
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { BUDGET_SHARE, budget, withinBudget } from './budget.ts';
import {
  type BrokenProtocol,
  explore,
  findFailure,
  type Protocol,
  type ProtocolsModule,
  summarize,
  type Twins,
  twinOf,
} from './explore/index.ts';

/** States that are expanded of those that are equally far on: all in the full budget. A mistake takes more of them to be found. */
const WIDTH = BUDGET_SHARE < 1 ? budget(120, 12) : Number.POSITIVE_INFINITY;
/** The same for what takes minutes or hours to the end, which `pnpm explore` does. */
const WIDTH_OF_SAMPLE = BUDGET_SHARE < 1 ? budget(120, 12) : 150;
/** Widths at which a mistake is looked for on weak memory, where there are many times as many states. */
const WIDTHS_ON_WEAK = [25, 150, 1000];
/** States of weak memory that are expanded of those that are equally far on. */
const WIDTH_OF_WEAK = BUDGET_SHARE < 1 ? budget(60, 6) : 60;

/**
 * Defines a test for each protocol, by name: over every order in which its actors can make their accesses in the full budget,
 * over some of them in a smaller one, which draws some of the protocols, too.
 *
 * @param twins The mistake that each protocol must find; see {@link Twins}.
 * @param sampled Protocols of which some schedules are played in every budget.
 */
export function testProtocols(
  protocols: Readonly<Record<string, Protocol>>,
  broken: Readonly<Record<string, BrokenProtocol>>,
  twins: Twins,
  sampled: Readonly<Record<string, Protocol>> = {},
): void {
  describe('holds in every schedule explored:', () => {
    test.each(withinBudget(Object.entries(protocols), { least: 5 }))('%s', (name, protocol) => {
      const found = explore(protocol, { width: WIDTH });
      console.log(summarize(name, found));
      expect(found.failure).toBeNull();
      if (BUDGET_SHARE >= 1) expect(found.isComplete).toBe(true);
      expect(found.schedules).toBeGreaterThan(BUDGET_SHARE >= 1 ? 100n : 50n);
    });
  });

  if (Object.keys(sampled).length > 0) {
    describe('holds in the schedules that were drawn:', () => {
      test.each(withinBudget(Object.entries(sampled), { least: 1 }))('%s', (name, protocol) => {
        const found = explore(protocol, { width: WIDTH_OF_SAMPLE });
        console.log(summarize(name, found));
        expect(found.failure).toBeNull();
        expect(found.schedules).toBeGreaterThan(100n);
      });
    });
  }

  const mistakes = Object.entries({ ...protocols, ...sampled }).flatMap(([name, protocol]) =>
    twins[name]! in broken ? [] : [[`${name}: ${twins[name]}`, twinOf(name, protocol, twins)] as const],
  );
  describe('is found out:', () => {
    test.each(withinBudget([...Object.entries(broken), ...mistakes], { least: 3 }))(
      '%s',
      (_, { protocol, message }) => {
        // A narrow search that misses the mistake proves nothing.
        const { failure } = findFailure(protocol);
        expect(failure?.message).toContain(message);
      },
    );
  });
}

/**
 * Loads protocols, and the code that they call, as a processor has it: on x86 ordered accesses are plain ones, on arm64 they are
 * those of Atomics.
 */
async function loadedOn(arch: 'x64' | 'arm64', load: () => Promise<ProtocolsModule>): Promise<ProtocolsModule> {
  const real = Object.getOwnPropertyDescriptor(process, 'arch')!;
  // Not the real one with another value: in Deno it is a getter.
  Object.defineProperty(process, 'arch', { value: arch, configurable: true, enumerable: true });
  try {
    vi.resetModules();
    return await load();
  } finally {
    Object.defineProperty(process, 'arch', real);
  }
}

/**
 * Defines a test for each protocol: on weak memory, over some schedules.
 *
 * @param load Imports the module with the protocols.
 * @param all The protocols, for their names.
 * @param broken By name, those that do not hold on weak memory if all accesses are plain, and words of the failure.
 * @param alsoBroken Names of the module's WEAKLY_BROKEN.
 */
export function testWeakly(
  load: () => Promise<ProtocolsModule>,
  all: Readonly<Record<string, Protocol>>,
  broken: Readonly<Record<string, string>>,
  alsoBroken: readonly string[] = [],
): void {
  const loaded: Partial<Record<'x64' | 'arm64', ProtocolsModule>> = {};
  beforeAll(async () => {
    loaded.arm64 = await loadedOn('arm64', load);
    loaded.x64 = await loadedOn('x64', load);
  });
  const named = (arch: 'x64' | 'arm64', name: string): Protocol =>
    ({ ...loaded[arch]!.PROTOCOLS, ...loaded[arch]!.LARGE_PROTOCOLS })[name]!;

  describe('holds on weak memory, in the schedules that were drawn:', () => {
    test.each(withinBudget(Object.keys(all), { least: 4, seed: 2 }))('%s', (name) => {
      const found = explore(named('arm64', name), { weak: true, width: WIDTH_OF_WEAK });
      console.log(summarize(`${name}, on weak memory`, found));
      expect(found.failure).toBeNull();
      expect(found.schedules).toBeGreaterThan(0n);
    });
  });

  describe('is found out on weak memory with plain accesses:', () => {
    test.each(withinBudget(Object.entries(broken)))('%s', (name, message) => {
      const { failure } = findFailure(named('x64', name), WIDTHS_ON_WEAK, true);
      expect(failure?.message).toContain(message);
    });
  });

  if (alsoBroken.length === 0) return;
  describe('is found out on weak memory:', () => {
    test.each(alsoBroken)('%s', (name) => {
      const { protocol, message } = loaded.arm64!.WEAKLY_BROKEN![name]!;
      const { failure } = findFailure(protocol, WIDTHS_ON_WEAK, true);
      expect(failure?.message).toContain(message);
    });
  });
}
