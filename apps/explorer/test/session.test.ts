// Sessions: whichever way a moment is reached, it is the same; and what the views show is what the packages count.
import { evaluate } from '@idspace/evaluation';
import { Kernel } from '@idspace/posix-timers';
import { budget, random, sizeWithinBudget, withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { copyState } from '../src/engine/copy-state.ts';
import { callText, Machine } from '../src/engine/machine.ts';
import { callsOf, cut, joined, type Operation, operation } from '../src/engine/operations.ts';
import { LONG_RUN, RECORDED, Session } from '../src/engine/session.ts';
import { DEFAULT_SETUP, RELEASES, type Setup } from '../src/engine/setup.ts';
import { bucketsOf, cacheOf, chainOf, hasBit, idsOf, locksOf, spansOf, treeOf } from '../src/engine/views.ts';
import { randomOperation } from './support/operations.ts';

const NAMES = RELEASES;
/** Those on which a long run is made. */
const LONG = withinBudget(NAMES.filter((release) => !release.startsWith('restricted')));
/** Those on which anything is. */
const DRAWN = NAMES.filter((release) => LONG.includes(release) || release.startsWith('restricted'));
const SEEDS = Array.from({ length: budget(3, 1) }, (_, i) => i + 1);
const on = (release: string, more: Partial<Setup> = {}): Setup => ({
  ...DEFAULT_SETUP,
  hardware: 'desktop',
  release,
  ...more,
});

/** All that is seen of a moment. */
function moment(session: Session): object {
  const { machine, call, access, position } = session;
  const { live, ...ids } = idsOf(session);
  return {
    position,
    access,
    call: call && { ...call, cost: call.cost && { ...call.cost, servedBy: [...call.cost.servedBy] } },
    ids,
    live: [...live],
    // A call of a copy: an XArray remembers where it was asked last, and a call of the machine itself would leave traces.
    timers: machine.copy().process.procTimers(),
    chains: bucketsOf(machine)?.lengths.join(),
    tree: treeOf(machine),
    cache: [...machine.meter.lines()].join(),
    locks: locksOf(machine),
  };
}

describe.each(DRAWN)('a session on %s', (release) => {
  test.each(SEEDS)('goes back and forth to the same moments, seed %d', (seed) => {
    const rng = random(seed);
    const operations: Operation[] = [operation('create', 40)];
    for (let i = 0; i < 12; i++) operations.push(randomOperation(rng, 300));
    const session = new Session(on(release, { seed }), operations);
    const moments = new Map<number, object>();
    const marks = Array.from({ length: 12 }, () => rng.below(session.length + 1)).sort((a, b) => a - b);
    for (const position of marks) {
      session.seek(position);
      moments.set(position, moment(session));
    }
    session.run();
    for (let i = 0; i < budget(60, 12); i++) {
      const position = rng.pick([...moments.keys()]);
      expect(session.seek(position)).toBe(true);
      expect(moment(session)).toEqual(moments.get(position));
    }
    // Straight there, without a detour.
    const position = rng.pick([...moments.keys()]);
    const fresh = new Session(on(release, { seed }), operations);
    fresh.seek(position);
    expect(moment(fresh)).toEqual(moments.get(position));
  });

  // A restricted kernel that is full looks at all its IDs in each of thousands of calls.
  test.runIf(LONG.includes(release))('a long run is recorded at its end, and is the same in whatever slices', () => {
    const calls = LONG_RUN + 500;
    const whole = new Session(on(release), [operation('create', calls), operation('pairs', LONG_RUN)]);
    whole.run();
    const sliced = new Session(on(release), whole.operations);
    const rng = random(9);
    while (sliced.position < sliced.length) sliced.run(1 + rng.below(700));
    expect(moment(sliced)).toEqual(moment(whole));
    expect([0, calls - RECORDED - 1, calls - RECORDED].map((at) => whole.isRecorded(at))).toEqual([false, false, true]);
    sliced.seek(calls - RECORDED);
    expect(sliced.call).toMatchObject({
      result: calls - RECORDED - 1,
      accesses: [],
    });
    sliced.seek(calls + 3);
    whole.seek(calls + 3);
    expect(moment(sliced)).toEqual(moment(whole));
  });

  test('a copy of a machine goes on as it does, and neither notices the other', () => {
    const rng = random(5);
    const first = new Machine(on(release));
    const play = (machine: Machine, runs: Operation[]): object[] =>
      runs.flatMap((run) => Array.from({ length: callsOf(run) }, (_, index) => machine.perform(run, index)));
    play(first, [operation('create', 200), operation('delete-random', 50)]);
    const second = first.copy();
    const runs = Array.from({ length: 8 }, () => randomOperation(rng, 100)).filter(({ kind }) => kind !== 'want');
    expect(play(second, runs)).toEqual(play(first, runs));
    expect(second.process.procTimers()).toBe(first.process.procTimers());
    expect(second.meter.lines()).toEqual(first.meter.lines());
    expect(second.table.timers.id.buffer).not.toBe(first.table.timers.id.buffer);
  });

  test('the views show what the kernel has', () => {
    const session = new Session(on(release), [operation('create', 700), operation('delete', 100, 0, 3)]);
    session.run();
    const { machine } = session;
    const kernel = new Kernel({ release, seed: DEFAULT_SETUP.seed });
    const process = kernel.spawn();
    for (let i = 0; i < 700; i++) process.timerCreate(1, { notify: 1 });
    for (let i = 0; i < 100; i++) process.timerDelete(3 * i);
    expect(machine.process.procTimers()).toBe(process.procTimers());
    const { live, end, holes, cursor } = idsOf(session);
    const listed = [...process.procTimers().matchAll(/^ID: (\d+)$/gm)].map(([, id]) => Number(id));
    expect([...live]).toEqual(listed.sort((a, b) => a - b));
    expect(cursor).toBe(process.nextId);
    expect(holes).toBe(end - live.filter((id) => id < end).length);
    const spans = spansOf(live);
    expect(
      Array.from({ length: spans.length / 2 }, (_, i) => spans[2 * i + 1]! - spans[2 * i]! + 1).reduce((a, b) => a + b),
    ).toBe(live.length);
    const buckets = bucketsOf(machine);
    if (buckets !== undefined) {
      const chains = Array.from(buckets.lengths, (length, bucket) => ({ length, ids: chainOf(machine, bucket) }));
      expect(chains.every(({ length, ids }) => ids.length === length)).toBe(true);
      expect(chains.flatMap(({ ids }) => ids).sort((a, b) => a - b)).toEqual([...live]);
    }
    const tree = treeOf(machine);
    if (tree !== undefined) {
      const found = tree.shown
        .filter(({ level }) => level === 0)
        .flatMap(({ first, used }) =>
          Array.from({ length: 64 }, (_, slot) => (hasBit(used, slot) ? first + slot : -1)),
        );
      expect(found.filter((id) => id >= 0)).toEqual([...live]);
      expect(tree.shown).toHaveLength(tree.nodes);
    }
    expect(locksOf(machine).every(({ taken }) => taken > 0)).toBe(true);
  });
});

test('what a call costs is what evaluate() counts', () => {
  const pairs = [
    ['6.14', 'hash-512'],
    ['6.18', 'hash-scaled-jhash'],
    ['xarray', 'xarray'],
  ] as const;
  for (const [release, design] of withinBudget(pairs)) {
    const session = new Session(on(release), [operation('create', 1000), operation('lookup', 1000)]);
    session.seek(1000);
    let [refs, misses] = [0, 0];
    while (session.stepCall()) {
      refs += session.call!.cost!.refs;
      misses += session.call!.cost!.refs - session.call!.cost!.servedBy[0]!;
    }
    const { designs } = evaluate({
      timers: 1000,
      designs: [design],
      orders: ['creation'],
      machine: 'desktop',
      cpus: 1,
    });
    // Another address of the process, so chains of other lengths; a tree has none.
    const within = design === 'xarray' ? 1e-9 : 0.6;
    expect(Math.abs(refs / 1000 - designs[0]!.lookup.refs)).toBeLessThan(within);
    expect(Math.abs(misses / 1000 - designs[0]!.lookup.d1Misses)).toBeLessThan(0.6);
  }
});

describe('steps', () => {
  const session = (): Session => new Session(on('6.18'), [operation('create', 3), operation('delete', 1, 1)]);

  test('access by access forwards and back', () => {
    const walk = session();
    const seen: [number, number][] = [];
    while (walk.stepAccess()) seen.push([walk.position, walk.access]);
    expect(seen.length).toBeGreaterThan(60);
    expect(new Set(seen.map(String)).size).toBe(seen.length);
    const back: [number, number][] = [[walk.position, walk.access]];
    while (walk.backAccess()) back.push([walk.position, walk.access]);
    expect(back.reverse().slice(1)).toEqual(seen);
    expect([walk.position, walk.call, walk.log.length]).toEqual([0, null, 0]);
  });

  test('the lines lit are those of the accesses shown', () => {
    const walk = session();
    walk.stepCall();
    walk.showAccesses(3);
    const { touched, line, levels } = cacheOf(walk);
    const lines = walk.call!.accesses.slice(0, 3).map(({ address }) => Math.floor(address / line));
    expect([...touched.keys()]).toEqual([...new Set(lines)]);
    expect(levels).toEqual(['D1', 'LL', 'memory']);
    walk.showAccesses(1000);
    expect(walk.access).toBe(walk.call!.accesses.length);
  });

  test('the log has a row for each call, as strace would', () => {
    const walk = session();
    walk.run();
    expect(walk.log.newest(0, 9).map(callText)).toEqual([
      'timer_delete(1) = 0',
      'timer_create() = 2',
      'timer_create() = 1',
      'timer_create() = 0',
    ]);
    walk.backCall();
    expect(walk.log.newest(0, 9)).toHaveLength(3);
    walk.stepCall();
    expect(walk.log.newest(0, 1).map(callText)).toEqual(['timer_delete(1) = 0']);
  });
});

describe('a history that is changed', () => {
  test('apply joins like runs, forgets what was undone, and cuts a run in its middle', () => {
    const session = new Session(on('6.14'));
    for (let i = 0; i < 5; i++) {
      session.apply(operation('create'));
      session.run();
    }
    expect(session.operations).toEqual([operation('create', 5)]);
    session.run();
    session.seek(2);
    session.apply(operation('delete', 1, 0));
    expect(session.operations).toEqual([operation('create', 2), operation('delete', 1, 0)]);
    session.run();
    expect([...idsOf(session).live]).toEqual([1]);
  });

  test('undo takes back what was applied last, also out of a joined run', () => {
    const session = new Session(on('6.14'));
    session.apply(operation('create', 3));
    session.run();
    const before = moment(session);
    session.apply(operation('create', 4));
    session.run();
    session.apply(operation('want', 1, 1000));
    expect(idsOf(session).wanted).toEqual([1000]);
    session.undo();
    expect(idsOf(session).wanted).toEqual([]);
    expect(session.length).toBe(7);
    session.undo();
    expect(session.operations).toEqual([operation('create', 3)]);
    expect(moment(session)).toEqual(before);
    session.undo();
    session.undo();
    expect([session.length, session.position]).toEqual([0, 0]);
  });

  test.each([1, 2, 3, 4].slice(0, budget(4, 2)))(
    'whatever is applied, undone and sought: the same as played from the start, seed %d',
    (seed) => {
      const rng = random(seed);
      const session = new Session(on(rng.pick(NAMES), { seed }));
      for (let step = 0; step < budget(150, 40); step++) {
        const what = rng.below(6);
        if (what < 3) session.apply(randomOperation(rng, what === 0 ? 3000 : 40));
        else if (what === 3) session.undo();
        else if (what === 4) session.seek(rng.below(session.length + 1));
        else session.run(rng.below(50));
        if (rng.chance(0.5)) session.run();
        if (session.position > 40_000) session.seek(100);
        if (session.position <= 100 && session.length > 40_000) session.apply(operation('create'));
      }
      const fresh = new Session(session.setup, session.operations);
      fresh.seek(session.position);
      fresh.showAccesses(session.access);
      expect(moment(session)).toEqual(moment(fresh));
    },
  );

  test('runs are cut where they may end', () => {
    expect(cut(operation('pairs', 10), 3)).toEqual(operation('pairs', 2));
    expect(cut(operation('create', 10), 3)).toEqual(operation('create', 3));
    expect([1, 2, 3, 12].map((calls) => cut(operation('restore', 10, 5), calls).count)).toEqual([1, 1, 2, 10]);
    expect(joined(operation('delete', 1, 4), operation('delete', 1, 6))).toEqual(operation('delete', 2, 4, 2));
    expect(joined(operation('delete', 2, 4, 2), operation('delete', 1, 9))).toBeUndefined();
    expect(joined(operation('delete', 1, 4), operation('delete', 1, 4))).toBeUndefined();
  });
});

test('a restore asks for IDs where the kernel lets it, and gets the next ones where not', () => {
  const restore = [operation('want', 2, 1_000_000, 7), operation('restore', 2, 1_000_000, 7)];
  const [old, young] = ['6.14', '6.18'].map((release) => new Session(on(release), restore));
  expect(idsOf(young!).wanted).toEqual([1_000_000, 1_000_007]);
  old!.run();
  young!.run();
  expect([...idsOf(young!).live]).toEqual([1_000_000, 1_000_007]);
  expect(idsOf(young!).wanted).toEqual([]);
  expect(young!.log.newest(0, 9).map(callText)).toEqual([
    'prctl(restore IDs: off) = 0',
    'timer_create(1,000,007) = 1,000,007',
    'timer_create(1,000,000) = 1,000,000',
    'prctl(restore IDs: on) = 0',
  ]);
  expect([...idsOf(old!).live]).toEqual([0, 1]);
  expect(old!.log.newest(3, 4).map(callText)).toEqual(['prctl(restore IDs: on) = −EINVAL']);
});

test('time is kept: run stops in the middle of a dance, and going on ends it', () => {
  const pairs = sizeWithinBudget(300_000, 40_000);
  const session = new Session(on('6.14'), [operation('pairs', pairs)]);
  expect(session.run(Number.POSITIVE_INFINITY, performance.now())).toBe(false);
  expect(session.position).toBeGreaterThan(0);
  expect(session.position).toBeLessThan(2 * pairs);
  while (!session.run(Number.POSITIVE_INFINITY, performance.now() + 5));
  expect(idsOf(session).cursor).toBe(pairs);
  expect(session.log.newest(999, 1002).at(-1)).toMatchObject({ at: 0, calls: 2 * pairs - RECORDED, refs: -1 });
});

test('a dance that the limit stops is the same in whatever slices', () => {
  const operations = [operation('create', 5), operation('limit', 1, 5), operation('pairs', LONG_RUN)];
  const whole = new Session(on('6.14'), operations);
  whole.run();
  const sliced = new Session(on('6.14'), operations);
  while (sliced.position < sliced.length) sliced.run(1 + (sliced.position % 37));
  expect(moment(sliced)).toEqual(moment(whole));
  expect(callText(whole.call!)).toBe('timer_delete() = −EINVAL');
});

test('a limit stops creates, as the kernel does', () => {
  const session = new Session(on('6.14'), [operation('limit', 1, 3), operation('create', 5)]);
  session.run();
  expect(session.log.newest(0, 2).map(callText)).toEqual(['timer_create() = −EAGAIN', 'timer_create() = −EAGAIN']);
  expect(idsOf(session).live).toHaveLength(3);
});

test.each([
  [{ release: '9' }, 'release'],
  [{ criu: 'x' }, 'criu'],
  [{ cpus: 0 }, 'cpus'],
  [{ hardware: 'toaster' }, 'hardware'],
  [{ seed: -1 }, 'seed'],
  [{ beside: 'nothing' }, 'nothing'],
])('a setup with %o is refused', (bad, name) => {
  expect(() => new Session({ ...DEFAULT_SETUP, ...bad })).toThrow(name);
});

test('copies keep shared objects shared, and views on one buffer together', () => {
  const buffer = new ArrayBuffer(64);
  const inner = { words: new Int32Array(buffer, 16, 4) };
  const original = {
    inner,
    again: inner,
    all: new Uint8Array(buffer),
    map: new Map([[inner, new Set([inner])]]),
    list: Object.assign([], { 0: 1, 2: inner }) as unknown[],
  };
  const copy = copyState(original);
  copy.inner.words[0] = 7;
  expect(copy.again.words[0]).toBe(7);
  expect(copy.all[16]).toBe(7);
  expect(copy.map.get(copy.inner)!.has(copy.inner)).toBe(true);
  expect(copy.list[2]).toBe(copy.inner);
  expect(1 in copy.list).toBe(false);
  expect(original.inner.words[0]).toBe(0);
});
