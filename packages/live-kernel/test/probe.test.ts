// What is told of a kernel and of a process that uses up IDs, from texts and sightings.
import { Kernel } from '@idspace/posix-timers';
import { describe, expect, test } from 'vitest';
import { parseStat } from '../src/facts/numbers-in-use.ts';
import { softLimit } from '../src/own-limits.ts';
import { findPolicy } from '../src/probe/find-policy.ts';
import { bucketsOf } from '../src/probe/probe-kernel.ts';
import { restoreDebt } from '../src/probe/restore-debt.ts';

const DAY = 86_400;

describe('the restore debt', () => {
  test('follows from the newest timers', () => {
    const debt = restoreDebt(
      [
        { at: 1, ids: [100, 99] },
        { at: 3, ids: [] },
        { at: 5, ids: [500, 7] },
      ],
      1000,
    );
    expect(debt).toEqual({
      timers: 2,
      highestId: 500,
      idsUsed: 400,
      idsPerDay: 100 * DAY,
      secondsNow: 0.0005,
      secondsPerDay: (100 * DAY * 1000) / 1e9,
      daysToIntMax: (2 ** 31 - 1 - 500) / (100 * DAY),
      unknown: null,
    });
  });

  test('goes on after INT_MAX', () => {
    const debt = restoreDebt(
      [
        { at: 0, ids: [2 ** 31 - 2] },
        { at: 1, ids: [3] },
      ],
      1000,
    );
    expect(debt).toMatchObject({ idsUsed: 5, idsPerDay: 5 * DAY, highestId: 3 });
  });

  test.each([
    ['no timers', [[], []], null, 0, 'it had no timer at any reading'],
    [
      'no new one',
      [
        [5, 900],
        [5, 900],
      ],
      900,
      900,
      'no new timer was seen',
    ],
    ['no new one, the old one gone', [[5, 900], [5]], 5, 5, 'no new timer was seen'],
    ['IDs of its own choice', [[900], [5, 900]], 900, 900, 'it chooses IDs itself'],
    ['the last one gone', [[7], []], null, 0, 'no new timer was seen'],
  ])('cannot be told: %s', (_, ids, highestId, debt, unknown) => {
    const sightings = ids.map((ids, at) => ({ at, ids }));
    const found = restoreDebt(sightings, 1e9);
    expect(found).toMatchObject({ highestId, secondsNow: debt, idsUsed: null, idsPerDay: null, daysToIntMax: null });
    expect(found.unknown).toContain(unknown);
  });
});

test.each([
  ['6.1', 'cyclic', [0, 1, 2, 3]],
  ['6.18', 'cyclic', [0, 1, 2, 3]],
  ['dense', 'lowest', [0, 1, 2, 0]],
] as const)('the policy of Linux %s is found out: %s', (release, idPolicy, idsSeen) => {
  const process = new Kernel({ release }).spawn();
  expect(findPolicy(process)).toEqual({ idPolicy, idsSeen });
  expect(process.procTimers()).toBe('');
});

test.each([
  ['6.18.44', { text: '[0.1] posixtimers hash table entries: 1024 (order: 2, 16384 bytes, linear)\n' }, 1024, null],
  ['6.18.44', { text: '[9.1] something else\n' }, null, 'not in what is left of the boot log'],
  ['7.0', { unreadable: 'Operation not permitted' }, null, 'cannot be read (Operation not permitted)'],
  ['6.1.170', { text: '' }, null, 'it is 512 from 3.10 on'],
])('the buckets of %s, by %j', (release, log, buckets, why) => {
  const found = bucketsOf(release, log);
  expect(found.buckets).toBe(buckets);
  if (why === null) expect(found.unknown).toBe(null);
  else expect(found.unknown).toContain(why);
});

test.each([
  ['Max pending signals       96365                96365                signals   \n', 96_365],
  ['Max pending signals       unlimited            unlimited            signals   \n', Number.POSITIVE_INFINITY],
  ['Max open files            unlimited            unlimited            files     \n', null],
])('RLIMIT_SIGPENDING in %j', (text, limit) => {
  expect(softLimit(`Limit  Soft Limit  Hard Limit  Units\n${text}`)).toBe(limit);
});

test.each([
  ['7 (x) R 1 2 3 4', { command: 'x', isZombie: false, isOfKernel: false, group: 2, session: 3 }],
  [
    '2 (kthreadd) S 0 0 0 0 -1 2129984 0',
    { command: 'kthreadd', isZombie: false, isOfKernel: true, group: 0, session: 0 },
  ],
  ['7 (sh) S 1 7 7 34816 7 4194560 0', { command: 'sh', isZombie: false, isOfKernel: false, group: 7, session: 7 }],
  ['7 () Z 1 0 0\n', { command: '', isZombie: true, isOfKernel: false, group: 0, session: 0 }],
  ['7 (a b) (c)) S 1 -1 5 0', { command: 'a b) (c)', isZombie: false, isOfKernel: false, group: -1, session: 5 }],
  ['7 (a\nb) S 1 2 3', { command: 'a\nb', isZombie: false, isOfKernel: false, group: 2, session: 3 }],
  ['7 x S 1 2 3', undefined],
])('the stat %j', (text, stat) => {
  expect(parseStat(text)).toEqual(stat);
});
