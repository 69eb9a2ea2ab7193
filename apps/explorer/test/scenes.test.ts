// The scenes: what they claim holds by the packages' counts, and their sentences agree with slow arithmetic.
import { CLOCK_MONOTONIC, Kernel, SIGEV_NONE } from '@idspace/posix-timers';
import { executePlan, planRestore } from '@idspace/restore-planner/plan';
import { random, withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { plainCheckpoint } from '../src/race/restore.ts';
import { refill } from '../src/scenes/arguments/holes.ts';
import { crossing } from '../src/scenes/arguments/strides.ts';
import { DIRECT } from '../src/scenes/counter.ts';
import { COMPARED, lockWaits, STRIDES, strideCost } from '../src/scenes/counting.ts';
import { SCENES } from '../src/scenes/list.ts';
import { initialValues, type Scene } from '../src/scenes/scene.ts';
import { beginning, nextRight, outlook, stepped } from '../src/scenes/schedule.ts';
import { count, duration, three } from '../src/shell/number.ts';

const NONE = { notify: SIGEV_NONE };
const sceneOf = (name: string): Scene => SCENES.find((one) => one.name === name)!;

/** A sentence as read. */
function told({ sentence }: Scene, values: Record<string, number> = {}): string {
  const all = { ...initialValues(sentence!), ...values };
  return sentence!
    .tell(all)
    .map((piece) =>
      typeof piece === 'string' ? piece : 'knob' in piece ? `[${count(all[piece.knob])}]` : piece.result,
    )
    .join('')
    .replaceAll('\u00a0', ' ');
}

/** What is measured for each scene, one time for all tests. */
const measured = new Map<Scene, ReturnType<Scene['told']>>();
function toldOf(scene: Scene): ReturnType<Scene['told']> {
  if (!measured.has(scene)) measured.set(scene, scene.told(DIRECT));
  return measured.get(scene)!;
}

const answerOf = async (name: string): Promise<string> =>
  (await toldOf(sceneOf(name))).answer.replaceAll('\u00a0', ' ');

describe('every scene', () => {
  test('has a name of its own, a title, an idea and something to look at', () => {
    expect(new Set(SCENES.map(({ name }) => name)).size).toBe(SCENES.length);
    for (const { name, title, idea, look, from } of SCENES) {
      expect(name).toMatch(/^[a-z-]+$/);
      for (const text of [title, idea, look, from]) expect(text.length).toBeGreaterThan(10);
      expect(idea).toMatch(/[.?]$/);
    }
  });

  test.each(withinBudget(SCENES, { least: 4, seed: 13 }).map((scene) => [scene.name, scene] as const))(
    '%s: one choice is right, and all differ',
    async (_, scene) => {
      const { guess, answer } = await toldOf(scene);
      expect(answer).not.toMatch(/NaN|undefined|Infinity|null/);
      if (guess === undefined) return;
      expect(guess.choices.filter(({ right }) => right)).toHaveLength(1);
      expect(new Set(guess.choices.map(({ text }) => text)).size).toBe(guess.choices.length);
    },
  );

  test.each(
    withinBudget(
      SCENES.filter(({ sentence }) => sentence),
      { least: 5 },
    ).map((scene) => [scene.name, scene] as const),
  )('%s: its sentence is whole at the ends of every number', (_, scene) => {
    for (const { name, min, max } of scene.sentence!.knobs) {
      for (const value of [min, max]) expect(told(scene, { [name]: value })).not.toMatch(/NaN|undefined|∞/);
    }
  });
});

describe('sentences, against calls made one by one', () => {
  test('a process that lives long: the creates before an ID, counted on the model for IDs it can reach', () => {
    const process = new Kernel({ release: '6.14' }).spawn();
    let creates = 0;
    for (let id = -1; id < 5000; creates++) {
      id = process.timerCreate(CLOCK_MONOTONIC, NONE);
      process.timerDelete(id);
    }
    const planned = planRestore(plainCheckpoint([5000]), { kernel: '6.14', criu: '4.1' }).totals.creates;
    expect(creates).toBe(planned);
    expect(told(sceneOf('long-life'))).toBe(
      'A service that makes [40] timers a second reaches the largest ID in 621 days. At [894] ns for each create with its delete, its restore then takes 32 min.',
    );
    expect(2 ** 31 / 40 / 86_400).toBeCloseTo(621.38, 1);
    expect((2 ** 31 * 894) / 6e10).toBeCloseTo(32, 1);
    expect(told(sceneOf('long-life'), { rate: 200, pair: 2000 })).toContain(`in ${three(2 ** 31 / 200 / 86_400)} days`);
  });

  test('half an hour: calls and time for any ID', () => {
    const rng = random(5);
    for (let i = 0; i < 50; i++) {
      const id = rng.between(1, 2 ** 31 - 1);
      const pair = rng.between(100, 10_000);
      const seconds = (id * pair + 485) / 1e9;
      expect(told(sceneOf('half-an-hour'), { id, pair })).toBe(
        `For one timer with the ID [${count(id)}], CRIU 4.1 makes ${count(2 * id + 1)} calls. At [${count(pair)}] ns a pair they take ${duration(seconds).replace('\u00a0', ' ')}. Where it can ask for the ID, it makes 3 calls.`,
      );
    }
  });

  test('a smaller space: what is within comes back, what is outside does not', () => {
    const rng = random(6);
    for (let i = 0; i < 30; i++) {
      const ids = 2 ** rng.between(10, 31);
      const id = rng.between(1, 2 ** 31 - 1);
      const sentence = told(sceneOf('smaller-space'), { ids, id });
      if (id < ids) expect(sentence).toContain('CRIU 3.18 restores it, CRIU 4.1 restores it, CRIU 4.2 restores it');
      else expect(sentence).toContain('CRIU 3.18 hangs, CRIU 4.1 fails, CRIU 4.2 fails');
    }
  });

  test.each([2, 3, 100, 1999])('holes of %i timers: kept by the next number, filled by the lowest', (timers) => {
    const deleted = Math.ceil(timers / 2);
    const atTheTop = timers % 2; // the last one is deleted too, and what is above the highest timer is no hole
    expect(refill('6.14', timers)).toEqual({
      holes: deleted - atTheTop,
      left: deleted,
      highestId: timers + deleted - 1,
    });
    expect(refill('dense', timers)).toMatchObject({ left: 0, highestId: timers - 1 });
  });

  test('brute force: the create that is refused is the one past the limit', () => {
    expect(told(sceneOf('resource-limit'), { limit: 50, id: 60 })).toContain('create number 51 is refused');
    expect(told(sceneOf('resource-limit'), { limit: 61, id: 60 })).toContain(
      'comes back: at its most the process holds 61 timers',
    );
    expect(told(sceneOf('resource-limit'), { limit: 60, id: 60 })).toContain('create number 61 is refused');
  });

  test('asking: one create, whatever the ID', () => {
    for (const id of [1, 77, 2 ** 31 - 1]) {
      expect(told(sceneOf('ask'), { id })).toMatch(/and 1 on Linux 6.15 or later \(485 ns\)\.$/);
    }
  });
});

describe('answers', () => {
  test('the dance to timer 3 is carried out as told', async () => {
    const process = new Kernel({ release: '6.14' }).spawn();
    const plan = planRestore(plainCheckpoint([3]), { kernel: '6.14', criu: '4.1' });
    const { creates, deletes } = await executePlan(plan, process);
    expect(await answerOf('number')).toContain(`creates ${creates} timers and deletes ${deletes}`);
  });

  test('half an hour and what 6.15 did: the published example', async () => {
    expect(await answerOf('half-an-hour')).toMatch(/^2,000,001 creates and 1,999,999 deletes: 1.79 s .* 32 min/);
    expect(await answerOf('ask')).toMatch(
      /^2 creates and 2 calls .* instead of 2,000,001 creates: 970 ns instead of 1.79 s/,
    );
  });

  test('dense IDs: the old restorer hangs, the newer ones give up', async () => {
    expect(await answerOf('endless-dance')).toMatch(
      /^CRIU 3.18 repeats .* forever; CRIU 4.1 gives up .* 2 creates; CRIU 4.2 gives up/,
    );
  });

  test('the limit is met at the create past it', async () => {
    const process = new Kernel({ release: 'dense', sigpending: 96_365 }).spawn();
    let creates = 1;
    while (process.timerCreate(CLOCK_MONOTONIC, NONE) >= 0) creates++;
    expect(await answerOf('resource-limit')).toContain(`Create number ${count(creates)} is refused with EAGAIN`);
  });

  test('a lookup in the old table touches many times the lines of the others', async () => {
    const [old, oldMisses, tree, , scaled] = [
      ...(await answerOf('chain')).matchAll(/\d+(?:\.\d+)?(?= lines|,? and| of these| miss)/g),
    ].map(Number);
    expect(old).toBeGreaterThan(5 * tree);
    expect(tree).toBeGreaterThan(scaled);
    expect(oldMisses).toBeLessThanOrEqual(old);
  });
});

test('strides: the tree misses less than the table of 6.15 at 1 and more at 512, and crosses once between', () => {
  const costs = STRIDES.flatMap((stride) => COMPARED.map((design) => strideCost({ design, stride })));
  const cross = crossing(costs, 'hash-scaled-jhash')!;
  expect(cross).toBeGreaterThan(1);
  expect(cross).toBeLessThan(512);
  const of = (design: string, stride: number) =>
    costs.find((cost) => cost.design === design && cost.stride === stride)!;
  for (const stride of STRIDES) {
    expect(of('xarray', stride).misses > of('hash-scaled-jhash', stride).misses).toBe(stride >= cross);
    expect(of('hash-512', stride).tableBytes).toBe(512 * 8);
  }
  expect(of('xarray', 512).tableBytes).toBeGreaterThan(2 ** 20);
  expect(crossing(costs, 'xarray')).toBeUndefined();
});

test('the last scene: the tree costs less with dense IDs and more with far ones, and its restores by its CRIU', async () => {
  const answer = await answerOf('tree-or-table');
  const [dense, far] = [...answer.matchAll(/([\d.]+) misses a lookup in the tree and ([\d.]+) in the table/g)].map(
    ([, tree, table]) => Number(tree) - Number(table),
  );
  expect(dense).toBeLessThan(0);
  expect(far).toBeGreaterThan(0);
  expect(answer).toMatch(/CRIU 3.18 repeats .* forever; CRIU 4.1 gives up .*; CRIU 4.2 gives up/);
  const plan = planRestore(plainCheckpoint([1_000_000, 2_000_000]), { kernel: 'xarray', criu: '4.2' });
  expect(plan.outcome).toBe('ok');
  expect(answer).toContain(`with ${plan.totals.creates} creates in`);
});

test('locks: the wait for the one lock grows with the processes, a bucket’s does not', () => {
  const waits = [1, 8, 63].map((processes) => lockWaits({ processes }));
  expect(waits[0].one.waitNs).toBe(0);
  expect(waits[1].one.waitNs).toBeGreaterThan(100);
  expect(waits[2].one.waitNs).toBeGreaterThan(4 * waits[1].one.waitNs);
  for (const { one, many } of waits) {
    expect(many.waitNs).toBeLessThan(1);
    expect([one.acquired, many.acquired]).toEqual([1, 1]);
  }
});

describe('the schedule of two CPUs', () => {
  test('the right steps lead to an endless search, and back', () => {
    let schedule = beginning('6.4', 4);
    for (let next = nextRight(schedule); next !== null; next = nextRight(schedule)) {
      expect(outlook(schedule)).toBe('open');
      schedule = next;
    }
    expect(outlook(schedule)).toBe('endless');
    expect(schedule.made.at(-1)!.text).toContain('reads where its search begins, without the lock: -4');
    expect(outlook(schedule.before!)).toBe('open');
  });

  test('CPU 0 alone ends, then CPU 1 does; a CPU that waits for the lock has no step', () => {
    for (const release of ['6.4', '6.5']) {
      let schedule = beginning(release, 4);
      for (const cpu of [0, 1])
        for (let next = stepped(schedule, cpu); next !== null; next = stepped(schedule, cpu)) schedule = next;
      expect(outlook(schedule)).toBe('over');
    }
    const locked = stepped(beginning('6.5', 4), 0)!;
    expect(stepped(locked, 1)).toBeNull();
  });

  test('6.5 has no right step: no order is endless', () => {
    expect(nextRight(beginning('6.5', 4))).toBeNull();
  });

  test('a step off the way has no next right step', () => {
    const first = nextRight(beginning('6.4', 4))!;
    const other = stepped(beginning('6.4', 4), 1 - first.made[0].cpu);
    expect(other === null ? null : nextRight(other)).toBeNull();
  });
});
