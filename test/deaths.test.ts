// Threads that end amid a call on shared memory, before each of its writes: what they leave is one of the states that there may be,
// nothing is lost, and others work on. Each package says what is called and what is compared.

import { expect, test } from 'vitest';
import { MORTALS as hashTable } from '../packages/hash-table/test/support/mortal.ts';
import { MORTALS as lock } from '../packages/lock/test/support/mortal.ts';
import { MORTALS as nextId } from '../packages/next-id/test/support/mortal.ts';
import { testDeaths } from '../packages/testkit/src/death-tests.ts';
import { random } from '../packages/testkit/src/index.ts';
import { MORTALS as xarray } from '../packages/xarray/test/support/mortal.ts';
import { publicApi } from './support/public-api.ts';
import { published } from './support/workspace.ts';

/** By package, and calls of each case in the full budget. */
const CASES = { lock, 'next-id': nextId, 'hash-table': hashTable, xarray };

for (const [name, cases] of Object.entries(CASES))
  testDeaths(cases, name === 'xarray' ? 100 : name === 'hash-table' ? 200 : 1000);

/** Calls that change nothing. */
const READS = new Set(
  `attach has find findAfter findLast findBefore findAbsent findGap load getMark marked forEach extract keys values entries count rank nth range reversed snapshot
  chainLengths chainStats holder heldBy alive dead generation wordsFor toJSON`.split(/\s+/),
);
/** Threads end amid these in packages/lock/test/async-deaths.test.ts; or made of calls that are played. */
const OF_OTHERS = new Set('lockAsync holdAsync withLockAsync waitAsync from'.split(' '));
/** Every thread of a case does these. */
const BY_ALL = ['new', 'detach', 'bury', 'join', 'leave'];

test('every call that changes shared memory is played', () => {
  for (const [folder, cases] of Object.entries(CASES)) {
    const api = publicApi(published.filter((pkg) => pkg.folder === `packages/${folder}`));
    const played = new Map<string, Set<string>>();
    for (const [name, make] of Object.entries(cases)) {
      const calls = new Set([...BY_ALL, ...Object.keys(make(random(1)).operations)]);
      for (const type of name.match(/\b[A-Z]\w+/g)!) played.set(type, new Set([...(played.get(type) ?? []), ...calls]));
    }
    const shared = api.filter(({ name }) => folder === 'lock' || name.startsWith('Shared'));
    for (const { name, calls } of shared.filter(({ calls }) => calls.some((call) => call.name === 'new'))) {
      const missing = calls.filter(
        (call) => !READS.has(call.name) && !OF_OTHERS.has(call.name) && !played.get(name)?.has(call.name),
      );
      expect(missing.map((call) => `${name}.${call.name}`)).toEqual([]);
    }
  }
});
