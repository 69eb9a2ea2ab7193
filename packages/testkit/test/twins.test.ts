// Every protocol of the repository has a broken twin, and none is forgotten.
import { describe, expect, test } from 'vitest';
import { allProtocols } from '../src/explore/all-protocols.ts';
import { explore, findFailure, type Mistake, type Protocol, step, twinOf } from '../src/explore/index.ts';

const all = await allProtocols();

test('packages with protocols', () => {
  expect(all.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['hash-table', 'lock', 'next-id', 'posix-timers', 'xarray']),
  );
});

test.each(all)(
  'each protocol of $name names its twin, and no other is named',
  ({ PROTOCOLS, LARGE_PROTOCOLS, BROKEN, twins }) => {
    const protocols = { ...PROTOCOLS, ...LARGE_PROTOCOLS };
    expect(Object.keys(twins).sort()).toEqual(Object.keys(protocols).sort());
    for (const [name, protocol] of Object.entries(protocols)) {
      const twin = twinOf(name, protocol, twins, BROKEN);
      // What is no mistake is refused before any actor runs.
      expect(() => explore({ ...twin.protocol, actors: {}, check: () => {} })).not.toThrow();
    }
  },
);

/** A protocol of two that run the same code on a few words. */
const both = (body: (words: Int32Array) => unknown, rest: Partial<Protocol> = {}): Protocol => {
  const actor = (memory: SharedArrayBuffer): unknown => body(new Int32Array(memory));
  return { bytes: 16, words: { sum: 0, flag: 1 }, actors: { A: actor, B: actor }, ...rest };
};
const sums = (expected: number) => (memory: SharedArrayBuffer) => {
  const [sum] = new Int32Array(memory);
  if (sum !== expected) throw new Error(`the sum is ${sum}`);
};
const adding = both((words) => Atomics.add(words, 0, 1), { check: sums(2) });

describe('a mistake', () => {
  test('of a change in two: another comes between', () => {
    expect(explore(adding).failure).toBeNull();
    expect(explore({ ...adding, mistake: 'add(sum) in two' }).failure).toEqual({
      message: 'the sum is 1',
      schedule: ['A: sum → 0', 'B: sum → 0', 'A: sum = 1 → 1', 'B: sum = 1 → 1'],
    });
    const taking = both((words) => Atomics.compareExchange(words, 0, 0, 1) === 0, {
      check: (_, { A, B }) => {
        if (A === B) throw new Error('both, or none');
      },
    });
    expect(explore(taking).failure).toBeNull();
    expect(explore({ ...taking, mistake: 'compareExchange(sum) in two' }).failure?.message).toBe('both, or none');
  });

  test('of a change that is left out: it answers as if made', () => {
    const { failure } = explore({ ...adding, mistake: 'without add(sum)' });
    expect(failure).toEqual({ message: 'the sum is 0', schedule: ['A: add(sum, 1) → 0', 'B: add(sum, 1) → 0'] });
    const storing = both((words) => {
      words[0] = 1;
    });
    expect(explore({ ...storing, check: sums(0), mistake: 'without sum =' }).failure).toBeNull();
  });

  test('of a look that is left out: it finds what it found before', () => {
    const waiting = both((words) => {
      if (Atomics.exchange(words, 1, 1) === 0) return Atomics.store(words, 0, 7);
      while (Atomics.load(words, 0) === 0);
      return 7;
    });
    expect(explore(waiting).failure).toBeNull();
    expect(explore({ ...waiting, mistake: 'without load(sum)' }).failure?.message).toBe('no end after 500 steps');
  });

  test('of a wake-up that is left out', () => {
    const sleeping = both((words) => {
      if (Atomics.exchange(words, 1, 1) === 0) return Atomics.wait(words, 0, 0);
      Atomics.store(words, 0, 1);
      return Atomics.notify(words, 0);
    });
    expect(explore(sleeping).failure).toBeNull();
    expect(findFailure({ ...sleeping, mistake: 'without notify(sum)' }).failure?.message).toBe('A asleep forever');
    expect(explore({ ...sleeping, mistake: 'without wait(sum)' }).failure).toBeNull();
  });

  test('is made by the actors alone, not by setup, checks or the steps of a model', () => {
    const setup = (memory: SharedArrayBuffer): void => void Atomics.add(new Int32Array(memory), 0, 5);
    const model = both((words) => step('add', () => Atomics.add(words, 0, 1)), { setup, check: sums(7) });
    for (const mistake of ['add(sum) in two', 'without add(sum)'] as const)
      expect(explore({ ...model, mistake }).failure).toBeNull();
  });

  test('of another form is refused', () => {
    for (const mistake of ['add(sum)', 'without ', ' in two', 'without'] as Mistake[])
      expect(() => explore({ ...adding, mistake })).toThrow(`explore: mistake: got '${mistake}'`);
  });
});

test('a twin must be named, and play with the same actors', () => {
  expect(() => twinOf('adding', adding, {})).toThrow("got none of 'adding'");
  const broken = { other: { protocol: { ...adding, actors: {} }, message: '' } };
  expect(() => twinOf('adding', adding, { adding: 'other' }, broken)).toThrow(
    "got 'other', whose actors are , expected A, B",
  );
});
