// The two races: present in the releases that had them, absent in the others, whatever the order of steps.
import { explore, summarize } from '@idspace/testkit/explore';
import { describe, expect, test } from 'vitest';
import {
  endlessSearchSteps,
  findDuplicateId,
  findEndlessSearch,
  type RaceReport,
  type SearchSteps,
} from '../src/races/index.ts';
import { advance, boot, type State } from '../src/races/machine.ts';
import { parseRelease } from '../src/release.ts';
import { BROKEN, PROTOCOLS } from './support/protocols.ts';

const ENDLESS = ['3.10', '4.9', '5.17', '6.4'];
const COUNTED = ['6.5', '6.6', '6.14'];
const RESERVED = ['6.15', '6.17', '6.18', '7.1'];
const LOCKED = ['2.6', '3.9', 'dense', 'xarray', 'xarray-cyclic', 'reversed', 'create-at-id'];

describe('a search that never ends', () => {
  test.each(ENDLESS)('is there in %s', (release) => {
    expect(findEndlessSearch(release)).toMatchObject({ race: 'endless-search', release, ids: 4, present: true });
  });

  test.each([...COUNTED, ...RESERVED, ...LOCKED])('is not in %s', (release) => {
    expect(findEndlessSearch(release)).toMatchObject({ present: false, schedule: [] });
  });

  test('begins where another CPU has just overflowed the counter', () => {
    const { outcome, schedule } = findEndlessSearch('6.4');
    expect(outcome).toBe('a search that began at -4 never ends: no search sees the counter there again');
    expect(schedule.slice(-2)).toEqual([
      'CPU 0 increments the counter to -4',
      'CPU 1 reads where its search begins, without the lock: -4',
    ]);
  });

  test.each([2, 3, 5, 8])('with %d IDs the count ends a search after exactly as many probes', (ids) => {
    for (const release of ['6.5', '6.15']) {
      expect(findEndlessSearch(release, { ids }).outcome).toBe(
        `every search ends with EAGAIN, after exactly ${ids} probes`,
      );
    }
    expect(findEndlessSearch('3.10', { ids }).present).toBe(true);
  });

  test('the trees look once', () => {
    expect(findEndlessSearch('xarray').outcome).toBe('every search ends with EAGAIN, after exactly 1 look');
  });
});

describe('one CPU of the machine alone', () => {
  /** Runs all creates of one CPU. Returns what the last gave, and the steps. */
  function alone(release: string, ids: number, creates: number, busy: readonly number[]): [State, string[]] {
    const rule = { allocation: parseRelease(release).allocation, ids };
    let state = boot(rule, [creates], busy);
    const lines: string[] = [];
    for (let made = advance(rule, state, 0); made !== null; made = advance(rule, state, 0)) {
      state = made.state;
      lines.push(made.text);
    }
    return [state, lines];
  }

  test.each([...ENDLESS, ...COUNTED, ...RESERVED, ...LOCKED])('hands out IDs as the model of %s does', (release) => {
    const isLowest = parseRelease(release).allocation === 'locked';
    for (const ids of [2, 3, 5]) {
      for (let creates = 1; creates <= 2 * ids; creates++) {
        for (const busy of [[], [0], [ids - 1], [0, ids - 1].slice(0, ids - 1)]) {
          // The oracle: the lowest free ID, or the next free one after the last; every timer but the last is deleted.
          const free = Array.from({ length: ids }, (_, id) => id).filter((id) => !busy.includes(id));
          let next = 0;
          let expected = -1;
          for (let i = 0; i < creates; i++) {
            expected = (isLowest ? undefined : free.find((id) => id >= next)) ?? free[0]!;
            next = expected + 1;
          }
          const [{ cpus, timers, locks }, lines] = alone(release, ids, creates, busy);
          expect(cpus[0]!.result, `${creates} creates, ${ids} IDs, busy ${busy}`).toBe(expected);
          expect(timers[0]).toMatchObject({ hashed: true, id: expected, signal: 'valid' });
          expect(locks.every((holder) => holder === -1)).toBe(true);
          expect(lines.at(-1)).toBe(`CPU 0 publishes its timer; timer_create returns ${expected}`);
          expect(lines.filter((line) => line.startsWith('CPU 0 deletes'))).toHaveLength(creates - 1);
        }
      }
      if (!ENDLESS.includes(release)) {
        const all = Array.from({ length: ids }, (_, id) => id);
        expect(alone(release, ids, 1, all)[0].cpus[0]).toMatchObject({ at: 'done', result: -1 });
      }
    }
  });
});

describe('steps in an order of one’s own', () => {
  /** Replays a schedule by the CPU that each of its lines begins with. */
  const replay = ({ start, step }: SearchSteps, schedule: readonly string[]): State =>
    schedule.reduce((state, line) => {
      const made = step(state, Number(line[4]))!;
      expect(made.text).toBe(line);
      return made.state;
    }, start);

  test.each(ENDLESS)('in %s the schedule found can end before its last step, and not after it', (release) => {
    const { schedule } = findEndlessSearch(release);
    const steps = endlessSearchSteps(release);
    expect(steps.canEnd(replay(steps, schedule))).toBe(false);
    for (const until of schedule.keys()) expect(steps.canEnd(replay(steps, schedule.slice(0, until)))).toBe(true);
  });

  test.each([...COUNTED, ...RESERVED])('in %s both calls return, whichever CPU goes first', (release) => {
    const { start, step, canEnd } = endlessSearchSteps(release);
    for (const first of [0, 1]) {
      let state = start;
      for (const cpu of [first, 1 - first]) {
        for (let made = step(state, cpu); made !== null; made = step(state, cpu)) state = made.state;
      }
      expect(state.cpus.map(({ at, result }) => [at, result])).toEqual([
        ['done', -1],
        ['done', -1],
      ]);
      expect(canEnd(state)).toBe(true);
    }
  });

  test('a CPU that waits for the lock makes no step, and the state stays as it was', () => {
    const { start, step } = endlessSearchSteps('6.5');
    const { state } = step(start, 0)!;
    const before = JSON.stringify(state);
    expect(step(state, 1)).toBeNull();
    expect(JSON.stringify(state)).toBe(before);
  });

  test('no such CPU, no such state', () => {
    const { start, step, canEnd } = endlessSearchSteps('6.4');
    expect(() => step(start, 2)).toThrow('posix-timers: cpu: got 2, expected 0 or 1');
    expect(() => canEnd({ ...start, next: 3 })).toThrow(/expected one that steps from the start lead to/);
    expect(() => endlessSearchSteps('6.4', { ids: 9 })).toThrow('posix-timers: ids: got 9, expected an integer 2…8');
  });
});

describe('an ID given twice', () => {
  test.each([...ENDLESS, ...COUNTED, 'restricted:4096'])('is there in %s', (release) => {
    expect(findDuplicateId(release)).toMatchObject({
      race: 'duplicate-id',
      present: true,
      outcome: 'two live timers have the ID 0; only one of them can be found',
    });
  });

  test.each([...RESERVED, ...LOCKED])('is not in %s', (release) => {
    expect(findDuplicateId(release)).toMatchObject({ present: false, schedule: [] });
  });

  test('takes a whole lap by the other CPU while one stands still before it publishes', () => {
    const { schedule } = findDuplicateId('6.14', { ids: 3 });
    const returned = schedule.filter((line) => line.includes('returns'));
    expect(returned.filter((line) => line.startsWith('CPU 1'))).toEqual(
      [1, 2, 0].map((id) => `CPU 1 publishes its timer; timer_create returns ${id}`),
    );
    expect(returned).toContain('CPU 0 publishes its timer; timer_create returns 0');
  });

  test('needs the lap: one create less on the other CPU and there is none', () => {
    const rule = { allocation: 'counted', ids: 4 } as const;
    const seen = new Set<string>();
    const visit = (state: State): void => {
      const key = JSON.stringify(state);
      if (seen.has(key)) return;
      seen.add(key);
      const live = state.timers.flatMap(({ hashed, signal, id }) => (hashed && signal === 'valid' ? [id] : []));
      expect(new Set(live).size).toBe(live.length);
      for (const cpu of [0, 1]) {
        const after = advance(rule, state, cpu);
        if (after !== null) visit(after.state);
      }
    };
    visit(boot(rule, [1, 3], []));
    expect(seen.size).toBeGreaterThan(100);
  });
});

test.each([
  ['3.10', findEndlessSearch],
  ['3.10', findDuplicateId],
  ['6.14', findDuplicateId],
] as const)('a schedule of %s can be played step by step', (release, find) => {
  const report: RaceReport = find(release);
  const rule = { allocation: parseRelease(release).allocation, ids: report.ids };
  let state = report.race === 'endless-search' ? boot(rule, [1, 1], [0, 1, 2, 3]) : boot(rule, [1, 4], []);
  for (const line of report.schedule) {
    const step = advance(rule, state, Number(line.at('CPU '.length)));
    expect(step?.text).toBe(line);
    state = step!.state;
  }
  if (report.race === 'duplicate-id') {
    expect(state.timers.map(({ id, signal }) => [id, signal])).toEqual([
      [0, 'valid'],
      [0, 'valid'],
    ]);
    return;
  }
  // From here on the unlucky CPU goes round and round, even when the other has long ended.
  for (let steps = 0; steps < 1_000; steps++) state = (advance(rule, state, 0) ?? advance(rule, state, 1))!.state;
  expect(state.cpus.map(({ at }) => at === 'done')).toEqual([true, false]);
});

describe('the general explorer agrees:', () => {
  test.each(Object.entries(PROTOCOLS))('%s holds', (name, protocol) => {
    const found = explore(protocol);
    console.log(summarize(name, found));
    expect(found.failure).toBeNull();
  });

  test.each(Object.entries(BROKEN))('%s does not', (name, { protocol, message }) => {
    const found = explore(protocol);
    console.log(summarize(name, found));
    expect(found.failure?.message).toContain(message);
  });
});

test('refuses what it cannot look at, naming it', () => {
  expect(() => findEndlessSearch('linux')).toThrow("posix-timers: release: got 'linux'");
  for (const ids of [1, 9, 2.5, Number.NaN]) {
    expect(() => findDuplicateId('6.18', { ids })).toThrow(`posix-timers: ids: got ${ids}, expected an integer 2…8`);
  }
});
