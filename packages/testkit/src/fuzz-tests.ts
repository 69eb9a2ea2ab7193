// Defines the tests of a package's fuzz targets: every input that is kept, and some random changes without looking at coverage.

import { describe, expect, test } from 'vitest';
import { budget, withinBudget } from './budget.ts';
import { placesOf, readCases, readCorpus } from './fuzz/corpus.ts';
import { Fuzzer } from './fuzz/fuzzer.ts';
import type { FuzzTargets } from './fuzz/target.ts';

const SEED = 20_261_130;
const CHANGES = 500;

/** @param folder The package's `fuzz` folder. @param targets What its modules export. */
export function fuzzTests(folder: string, targets: FuzzTargets): void {
  describe.each(Object.entries(targets))('fuzz %s', (own, target) => {
    const places = placesOf(folder, own);
    test.each([...readCases(places)])('case %s', async (_, input) => {
      expect(await new Fuzzer(target, { seed: SEED }).run(input)).toBeUndefined();
    });

    const changes = budget(target.isSlow ? CHANGES / 10 : CHANGES);
    test(`what is kept, and ${changes} changes`, async () => {
      const fuzzer = new Fuzzer(target, { seed: SEED });
      const inputs = [...target.seeds(), ...readCorpus(places)];
      await fuzzer.begin(withinBudget(inputs, { least: 8 }));
      for (let left = changes; left > 0; left--) await fuzzer.step();
      expect([...fuzzer.findings.values()].map(({ signature, report }) => `${signature}\n${report}`)).toEqual([]);
    });
  });
}
