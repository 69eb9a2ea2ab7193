// Plans of IDs beside timers against the models of the kernel: at random, both say the same of every ID.

import { modelIds } from '@idspace/kernel-ids';
import { playSpaces, type SpaceReport } from '@idspace/restore-planner';
import { budget, random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { randomRestore } from './support/random-ids.ts';

const SEED = Number(process.env.TEST_SEED ?? 20_261_130);
const RESTORES = budget(3000);
const signal = new AbortController().signal;

test(`of ${RESTORES} restores, each goes as it is planned (seed ${SEED})`, async () => {
  const seen = new Map<string, number>();
  const rng = random(SEED);
  for (let index = 0; index < RESTORES; index++) {
    const { ids, target, isOwnNamespace } = randomRestore(rng);
    const options = { kernel: '6.18', criu: '4.2', target, signal };
    const reports = await playSpaces(ids, options, modelIds(target, isOwnNamespace));
    for (const { space, ending, outcome, difference, restored, ids: all } of reports) {
      const where = `restore ${index}, ${space}: ${JSON.stringify({ own: ids[space], target })}`;
      expect(difference, where).toBeNull();
      if (ending !== 'as-planned') continue; // CRIU stops before it makes a process
      if (outcome === 'ok') expect(restored, where).toBe(all);
      if (outcome === 'fails') expect(restored, where).toBeLessThan(all + Number(all === 0));
      const name = `${space} ${outcome}`;
      seen.set(name, (seen.get(name) ?? 0) + 1);
    }
  }
  // Each space was seen to succeed and to fail.
  const spaces: SpaceReport['space'][] = ['pids', 'inotify', 'sysv', 'pty', 'aio'];
  for (const space of spaces)
    for (const outcome of ['ok', 'fails'])
      expect(seen.get(`${space} ${outcome}`), `${space} ${outcome}`).toBeGreaterThan(RESTORES / 100);
});
