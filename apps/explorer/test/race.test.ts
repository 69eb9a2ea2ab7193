// The race: what the lanes do is what the planner plans, call by call, and it can be held and left at any frame.
import { type ProcessPlan, planRestore } from '@idspace/restore-planner/plan';
import { BUDGET_SHARE, budget, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { lanes } from '../src/race/lanes.ts';
import { readIds } from '../src/race/own-ids.ts';
import { Race, type World } from '../src/race/race.ts';
import { EXAMPLE_IDS, INT_MAX, plainCheckpoint } from '../src/race/restore.ts';

const SEED = 2026_11_30;

/** A world whose clock moves a millisecond each time it is read: a slice takes some. */
function world(): World & { ms: number } {
  const here = {
    ms: 0,
    now: () => ++here.ms,
    frame: () => {
      here.ms += 16;
      return Promise.resolve();
    },
  };
  return here;
}

const planned = (ids: readonly number[], kernel: string, criu: string, sigpending: number): ProcessPlan =>
  planRestore(plainCheckpoint(ids), { kernel, criu, sigpending }).processes[0];

async function raced(ids: readonly number[], limit = 96_365): Promise<Race> {
  const race = new Race({ ids, limit }, world());
  race.pace = 'page';
  await race.start();
  return race;
}

/** Calls and endings by lane. */
const told = (race: Race) =>
  race.runs.map(({ lane, creates, deletes, alive, end }) => [lane.name, creates, deletes, alive, end]);

describe('the published example', () => {
  test('every lane makes exactly the calls of its plan', async () => {
    // In a smaller budget, a tenth as far.
    const ids = EXAMPLE_IDS.map((id) => (BUDGET_SHARE < 1 ? id / 10 : id));
    const race = await raced(ids);
    const last = ids.at(-1)!;
    expect(race.state).toBe('over');
    expect(told(race)).toEqual([
      ['dance', last + 1, last - 1, 2, 'restored'],
      ['fill', 96_366, 0, 96_365, 'limit'],
      ['cursor', 2, 0, 2, 'restored'],
      ['ask', 2, 0, 2, 'restored'],
    ]);
    for (const { creates, deletes, plan, kernelSeconds, share, lane } of race.runs) {
      const { seconds, ...counts } = planned(ids, lane.kernel, lane.criu, 96_365);
      expect([creates, deletes]).toEqual([counts.creates, counts.deletes]);
      expect(kernelSeconds).toBe(seconds);
      expect(plan.outcome === 'ok' ? share : 1).toBe(1);
    }
  });
});

test('random checkpoints: counts of the planner, and timers alive under their IDs', async () => {
  const rng = random(SEED);
  for (let round = 0; round < budget(30); round++) {
    const ids = [
      ...new Set(Array.from({ length: rng.between(1, 8) }, () => rng.between(0, rng.pick([9, 500, 40_000])))),
    ].sort((a, b) => a - b);
    const limit = rng.pick([3, 100, 96_365]);
    const race = await raced(ids, limit);
    for (const { lane, creates, deletes, alive, end } of race.runs) {
      const plan = planned(ids, lane.kernel, lane.criu, limit);
      expect({ ids, limit, lane: lane.name, creates, deletes }).toEqual({
        ids,
        limit,
        lane: lane.name,
        creates: plan.creates,
        deletes: plan.deletes,
      });
      expect(end).toBe(plan.outcome === 'ok' ? 'restored' : 'limit');
      if (end === 'restored') expect(alive).toBe(ids.length);
    }
  }
});

describe('what a lane cannot do', () => {
  test('the dance on dense IDs goes on forever and gets no further', async () => {
    const here = world();
    const race = new Race({ ids: [5], danceOn: 'dense' }, here);
    race.pace = 'page';
    let frames = 0;
    const done = new Promise<void>((resolve) => {
      here.frame = () => {
        here.ms += 16;
        if (++frames === 20) {
          race.pause();
          resolve();
        }
        return Promise.resolve();
      };
    });
    await Promise.all([race.start(), done]);
    const [dance] = race.runs;
    expect(dance).toMatchObject({ end: 'hangs', alive: 0, last: 0, share: 0 });
    expect(dance.creates).toBeGreaterThan(10_000);
    expect(race.state).toBe('paused');
  });

  test('INT_MAX: held in the middle, the dance has made pairs and nothing else', async () => {
    const here = world();
    const race = new Race({ ids: [INT_MAX] }, here);
    race.pace = 'page';
    here.frame = () => {
      here.ms += 16;
      if (here.ms > 100) race.pause();
      return Promise.resolve();
    };
    await race.start();
    const [dance, ...others] = race.runs;
    expect(dance.end).toBeNull();
    expect(dance.creates).toBe(dance.deletes);
    expect(dance.creates).toBeGreaterThan(0);
    expect(dance.plan).toMatchObject({ creates: 2 ** 31, deletes: INT_MAX });
    expect(others.map(({ end }) => end)).toEqual(['limit', 'restored', 'restored']);
    const before = dance.creates;
    const ms = here.ms;
    here.frame = () => {
      here.ms += 16;
      if (here.ms > ms + 50) race.pause();
      return Promise.resolve();
    };
    await race.start();
    expect(dance.creates).toBeGreaterThan(before);
    race.abandon();
    expect(race.state).toBe('over');
  });
});

test('at the kernel’s pace a lane is never ahead of the clock by more than a slice', async () => {
  const here = world();
  const race = new Race({ ids: [300_000] }, here, () => {
    for (const { kernelSeconds } of race.runs) expect(kernelSeconds).toBeLessThanOrEqual(race.seconds + 0.03);
  });
  await race.start();
  expect(race.runs[0].end).toBe('restored');
  expect(race.seconds).toBeGreaterThanOrEqual(race.runs[0].plan.seconds - 0.03);
});

test('paused and started again before the next frame, it goes on one time', async () => {
  const here = world();
  const waiting: (() => void)[] = [];
  here.frame = () => {
    here.ms += 16;
    return new Promise((resolve) => waiting.push(resolve));
  };
  const draw = async (): Promise<void> => {
    for (const go of waiting.splice(0)) go();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const race = new Race({ ids: [300_000] }, here);
  const starts = [race.start()];
  await draw();
  race.pause();
  starts.push(race.start());
  await draw();
  while (race.state === 'running') {
    expect(waiting).toHaveLength(1);
    await draw();
  }
  await Promise.all(starts);
  const { creates, deletes } = race.runs[0].plan;
  expect(told(race)[0]).toEqual(['dance', creates, deletes, 1, 'restored']);
});

test('each lane has a kernel and a CRIU that the planner knows', () => {
  for (const danceOn of ['next', 'dense'] as const) {
    for (const { kernel, criu } of lanes(danceOn)) expect(planned([1], kernel, criu, 10).timers).toHaveLength(1);
  }
});

describe('own IDs', () => {
  test.each([
    ['3', [3]],
    ['1000, 3', [3, 1000]],
    [' 2e6;1_000_000\n', [1_000_000, 2_000_000]],
    ['int_max 0', [0, INT_MAX]],
    ['2147483647', [INT_MAX]],
    ['1,000,000', [1_000_000]],
    ['1,000,000, 2,147,483,647', [1_000_000, INT_MAX]],
    ['3,1000', [3, 1000]],
    ['0,100,12', [0, 12, 100]],
  ])('%j', (text, ids) => {
    expect(readIds(text)).toEqual({ ids });
  });

  test.each([
    ['', 'Type at least one ID'],
    [' , ', 'Type at least one ID'],
    ['3, three', '“three” is no timer ID'],
    ['-1', '“-1” is no timer ID'],
    ['1.5', '“1.5” is no timer ID'],
    ['2147483648', '“2147483648” is no timer ID'],
    ['1e99', '“1e99” is no timer ID'],
    ['0x10', '“0x10” is no timer ID'],
    ['7 7', 'The ID 7 is there twice'],
    ['2,147,483,648', '“2147483648” is no timer ID'],
    [Array.from({ length: 1001 }, (_, i) => i).join(), 'These are 1,001 IDs'],
  ])('%j is refused', (text, error) => {
    expect(readIds(text)).toMatchObject({ error: expect.stringContaining(error) });
  });
});
