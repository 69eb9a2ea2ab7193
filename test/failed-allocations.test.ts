// One failed allocation, in every call of every class that asks for memory: the call throws, nothing has changed, and what
// is there goes on working. Each package says what to call and what to compare with.

import { expect, test } from 'vitest';
import { SCENES as cacheSim } from '../packages/cache-sim/test/support/starved.ts';
import { SCENES as hashTable } from '../packages/hash-table/test/support/starved.ts';
import { SCENES as kernelIds } from '../packages/kernel-ids/test/support/starved.ts';
import { SCENES as nextId } from '../packages/next-id/test/support/starved.ts';
import { SCENES as posixTimers } from '../packages/posix-timers/test/support/starved.ts';
import { random } from '../packages/testkit/src/index.ts';
import { testStarved } from '../packages/testkit/src/starve-tests.ts';
import { SCENES as xarray } from '../packages/xarray/test/support/starved.ts';
import { publicApi } from './support/public-api.ts';
import { published } from './support/workspace.ts';

/** By package; a scene is named after the classes it is about. */
const SCENES = {
  xarray,
  'next-id': nextId,
  'hash-table': hashTable,
  'posix-timers': posixTimers,
  'kernel-ids': kernelIds,
  'cache-sim': cacheSim,
};

testStarved(Object.assign({}, ...Object.values(SCENES)));

/** Calls that change nothing and ask for no memory, whatever the class. */
const READS = new Set(
  `new load get has slot find findAfter findLast findBefore range reversed findFirst findAbsent findGap getMark marked getOrder
  forEach extract keys values entries cursor toJSON equals groupBy pendingSignals procTimers
  count rank nth peek takenRanges freeRanges isSubsetOf isSupersetOf isDisjointFrom
  retired
  holderOf heldBy sidOf pgidOf state sharedLines histogram missRatio curve end`.split(/\s+/),
);

/** Classes that keep numbers only. */
const WITHOUT_MEMORY = new Set(['AioContexts', 'DinWriter']);

test('every call that changes anything is played', () => {
  for (const [folder, scenes] of Object.entries(SCENES)) {
    const api = publicApi(published.filter((pkg) => pkg.folder === `packages/${folder}`));
    const played = new Map<string, Set<string>>();
    for (const [name, { make }] of Object.entries(scenes)) {
      // What is called may depend on what is drawn.
      const calls = Array.from({ length: 20 }, (_, i) => Object.keys(make(random(i)).operations)).flat();
      const words = new Set(calls.flatMap((call) => call.split(/[ .]/)));
      for (const type of name.match(/[A-Z]\w+/g)!) played.set(type, words);
    }
    const classes = api.filter(({ calls }) => calls.some(({ name }) => name === 'new') || calls.length > 1);
    expect(classes.length).toBeGreaterThan(0);
    for (const { name, calls } of classes) {
      if (WITHOUT_MEMORY.has(name)) continue;
      const missing = calls.filter((call) => !READS.has(call.name) && !played.get(name)?.has(call.name));
      expect(missing.map((call) => `${name}.${call.name}`)).toEqual([]);
    }
  }
});
