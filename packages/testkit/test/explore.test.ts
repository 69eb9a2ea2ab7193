// The explorer itself: counts known from combinatorics, and mistakes it must not miss.
import { describe, expect, test } from 'vitest';
import { explore, type Protocol, part, step, summarize } from '../src/explore/index.ts';

type Body = (words: Int32Array) => unknown;

/** A protocol on 8 words, W0…W7, of one actor for each function. */
function protocol(bodies: Body[], rest: Partial<Protocol> = {}): Protocol {
  const actors = bodies.map((body, i) => [
    String.fromCharCode(65 + i),
    (memory: SharedArrayBuffer) => body(new Int32Array(memory)),
  ]);
  const words = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`W${i}`, i]));
  return { bytes: 32, words, actors: Object.fromEntries(actors), ...rest };
}

/** Ways to interleave actors that make so many steps each. */
function interleavings(...steps: number[]): bigint {
  const factorial = (n: number): bigint => (n < 2 ? 1n : BigInt(n) * factorial(n - 1));
  const all = steps.reduce((a, b) => a + b, 0);
  return steps.reduce((ways, n) => ways / factorial(n), factorial(all));
}

const addPlain: Body = (words) => words[0]++;
const addAtomic: Body = (words) => Atomics.add(words, 0, 1);
const expectSum =
  (sum: number) =>
  (memory: SharedArrayBuffer): void => {
    const [got] = new Int32Array(memory);
    if (got !== sum) throw new Error(`the sum is ${got}`);
  };

describe('counts', () => {
  test.each([
    [1, 1],
    [3, 4],
    [2, 2, 2],
    [5, 3, 4],
  ])('every interleaving of %j steps that have nothing to do with each other', (...steps) => {
    const bodies = steps.map(
      (count, actor): Body =>
        (words) => {
          for (let i = 0; i < count; i++) Atomics.store(words, actor, i);
        },
    );
    const found = explore(protocol(bodies));
    expect(found).toMatchObject({ schedules: interleavings(...steps), failure: null });
    expect(found.longest).toBe(steps.reduce((a, b) => a + b));
    // One state for each combination of how far the actors are.
    expect(found.states).toBe(steps.reduce((a, b) => a * (b + 1), 1));
  });

  test('the same schedules whether or not states merge', () => {
    const found = explore(protocol([addAtomic, addAtomic, addAtomic], { check: expectSum(3) }));
    expect(found).toMatchObject({ schedules: 6n, longest: 3, failure: null });
  });

  test('the places where an actor can die', () => {
    // 3 stores: killed before any of them, or not at all.
    const found = explore(
      protocol([(words) => [0, 1, 2].map((i) => Atomics.store(words, i, 1))], {
        killed: { A: () => {} },
      }),
    );
    expect(found).toMatchObject({ schedules: 4n, failure: null });
  });
});

describe('goes through as few states as it can', () => {
  const stores =
    (word: number, times: number): Body =>
    (words) => {
      for (let i = 1; i <= times; i++) Atomics.store(words, word, i);
    };

  test('an actor that is alone goes on to its end', () => {
    expect(explore(protocol([stores(0, 9)]))).toMatchObject({ states: 2, schedules: 1n, longest: 9 });
  });

  test('an invariant is looked at all the same, and so is the length', () => {
    const invariant = (memory: SharedArrayBuffer): void => {
      if (new Int32Array(memory)[0] === 5) throw new Error('five');
    };
    const { failure } = explore(protocol([stores(0, 9)], { invariant }));
    expect([failure?.message, failure?.schedule.length]).toEqual(['five', 5]);
    const endless = explore(protocol([stores(0, 9)], { maxSteps: 8 })).failure;
    expect([endless?.message, endless?.schedule.length]).toEqual(['no end after 8 steps', 8]);
  });

  test('one that is alone wakes another, which goes on beside it', () => {
    const sleeper: Body = (words) => Atomics.wait(words, 0, 0);
    const waker: Body = (words) => {
      for (let i = 1; i <= 3; i++) Atomics.store(words, 1, i);
      Atomics.store(words, 0, 1);
      Atomics.notify(words, 0);
      Atomics.store(words, 1, 4);
      return words[1];
    };
    const ends = new Set<string>();
    const check = (_: SharedArrayBuffer, results: Readonly<Record<string, unknown>>): void => {
      ends.add(Object.values(results).join());
    };
    expect(explore(protocol([sleeper, waker], { check, killed: { A: () => {} } })).failure).toBeNull();
    expect([...ends].sort()).toEqual(['4', 'not-equal,4', 'ok,4']);
  });

  test('a death after a look is one before it', () => {
    const body: Body = (words) => {
      Atomics.load(words, 0);
      Atomics.load(words, 1);
      Atomics.store(words, 0, 1);
      Atomics.load(words, 0);
      return 7;
    };
    // At the beginning, after the store, and none.
    expect(explore(protocol([body], { killed: { A: () => {} } }))).toMatchObject({ schedules: 3n, failure: null });
  });

  test('actors that answer the same and are over are in the same state', () => {
    const reader: Body = (words) => [0, 1].map((word) => Atomics.load(words, word)).length;
    const writer: Body = (words) => {
      Atomics.store(words, 0, 1);
      Atomics.store(words, 1, 1);
    };
    const results = protocol([reader, writer]);
    const [same, all] = [results, protocol([(words) => [...words.subarray(0, 2)].join(), writer])].map((one) =>
      explore(one),
    );
    expect([same!.schedules, all!.schedules]).toEqual([interleavings(2, 2), interleavings(2, 2)]);
    expect(same!.states).toBeLessThan(all!.states);
  });
});

describe('parts', () => {
  /** Tries until it gets in, and leaves; what it was told on the way is forgotten with `calls` that are parts. */
  const passing = (calls: typeof part): Protocol => {
    const body: Body = (words) => {
      const tries = calls(() => {
        let n = 1;
        while (Atomics.compareExchange(words, 0, 0, 1) !== 0) n++;
        return n > 1 ? 'waited' : 'free';
      });
      words[1]++;
      calls(() => Atomics.store(words, 0, 0));
      return tries;
    };
    return protocol([body, body, body]);
  };

  test('leave out states, and neither schedules nor answers', () => {
    const seen = [new Set<string>(), new Set<string>()];
    const [whole, inParts] = [<T>(run: () => T): T => run(), part].map((calls, i) =>
      explore({
        ...passing(calls),
        check: (memory, results) => void seen[i]!.add(`${new Int32Array(memory)} ${JSON.stringify(results)}`),
      }),
    );
    expect(inParts).toMatchObject({ schedules: whole!.schedules, longest: whole!.longest, failure: null });
    expect(inParts!.states).toBeLessThan(whole!.states);
    expect([...seen[1]!].sort()).toEqual([...seen[0]!].sort());
    expect(seen[0]!.size).toBeGreaterThan(4);
  });

  test('a schedule shows what was told in them', () => {
    const inPart: Body = (words) => part(() => Atomics.add(words, 0, 1));
    const { failure } = explore(protocol([inPart, addPlain], { check: expectSum(2) }));
    expect(failure?.schedule).toContain('A: add(W0, 1) → 0');
  });

  test('run as they are outside of an exploration, and may not change what is outside of the memory', () => {
    expect(part(() => 7)).toBe(7);
    const forgetful: Body = (words) => {
      let count = 0;
      part(() => Atomics.load(words, 0) + ++count);
      return Atomics.load(words, count) + Atomics.load(words, 2);
    };
    expect(() => explore(protocol([forgetful, addAtomic]))).toThrow('an actor must do the same when told the same');
  });
});

describe('no wider than it may be', () => {
  const bodies = [0, 1, 2].map(
    (actor): Body =>
      (words) =>
        [1, 2, 3].map((value) => Atomics.store(words, actor, value)),
  );
  const three = protocol(bodies);

  test('some schedules are played to their ends, others by another seed', () => {
    const all = explore(three);
    expect([all.isComplete, all.schedules, all.longest]).toEqual([true, interleavings(3, 3, 3), 9]);
    const some = explore(three, { width: 4 });
    expect(some).toMatchObject({ isComplete: false, longest: 9, failure: null });
    // Equally far on: as many have ended, and the others have made as many steps: 7 numbers of three, 5 of two, 3 of one, 1 of none.
    expect(some.states).toBeLessThanOrEqual((7 + 5 + 3 + 1) * 4);
    expect(some.schedules).toBeGreaterThan(0n);
    expect(some.schedules).toBeLessThan(all.schedules);
    expect(explore(three, { width: 4 })).toEqual(some);
    expect(explore(three, { width: all.states })).toEqual(all);
    expect(summarize('some', some)).toMatch(/^some: holds in [\d,]+ schedules, drawn from more, of up to 9 steps/);
  });

  test('a mistake in most schedules is found all the same', () => {
    const lost = protocol([addPlain, addPlain, addPlain], { check: expectSum(3) });
    expect(explore(lost, { width: 2 }).failure?.message).toMatch(/the sum is [12]/);
  });
});

describe('finds', () => {
  test('a lost update, by the shortest schedule', () => {
    const found = explore(protocol([addPlain, addPlain], { check: expectSum(2) }));
    expect(found.failure).toEqual({
      message: 'the sum is 1',
      schedule: ['A: W0 → 0', 'B: W0 → 0', 'A: W0 = 1 → 1', 'B: W0 = 1 → 1'],
    });
    expect(summarize('plain', found)).toMatch(/^plain: FAILS after \d+ states: the sum is 1\n {2}A: W0 → 0\n/);
  });

  test('a broken invariant in the middle of a schedule', () => {
    const invariant = (memory: SharedArrayBuffer): void => {
      const [a, b] = new Int32Array(memory);
      if (a > b + 1) throw new Error('a ran ahead');
    };
    const body: Body = (words) => {
      words[0] = words[0] + 1;
      words[0] = words[0] + 1;
      words[1] = 2;
    };
    expect(explore(protocol([body], { invariant })).failure?.message).toBe('a ran ahead');
  });

  test('what an actor throws', () => {
    const body: Body = (words) => {
      if (Atomics.exchange(words, 0, 1) === 1) throw new RangeError('was there');
    };
    expect(explore(protocol([body, body])).failure?.message).toBe('B throws RangeError: was there');
    const atOnce = (): never => {
      throw new Error('no access at all');
    };
    expect(explore(protocol([atOnce])).failure?.message).toBe('A throws Error: no access at all');
  });

  test('a wake-up that comes before the sleep', () => {
    const sleeper: Body = (words) => {
      if (words[0] === 0) Atomics.wait(words, 1, 0, 10);
    };
    const waker: Body = (words) => {
      words[0] = 1;
      Atomics.notify(words, 1);
    };
    const found = explore(protocol([sleeper, waker]));
    expect(found.failure?.message).toBe('A asleep forever');
    expect(found.failure?.schedule.at(-1)).toBe('A: wait(W1, 0) → asleep');
  });

  test('that no actor lets a waiter go on', () => {
    const found = explore(
      protocol([
        (words) => {
          while (Atomics.load(words, 0) === 0);
        },
      ]),
    );
    expect(found.failure?.message).toBe('no end after 500 steps');
  });

  test('an actor that is not repeatable', () => {
    let run = 0;
    const body: Body = (words) => {
      words[run++ % 2] = 1;
      words[2] = 1;
    };
    expect(() => explore(protocol([body, body]))).toThrow('must do the same when told the same');
  });
});

describe('plays', () => {
  test('sleepers that wake by themselves in turns: none goes round while another sleeps on', () => {
    // Killed before it wakes the second, the third leaves two asleep: only the second can help the first.
    const first: Body = (words) => {
      while (Atomics.load(words, 1) === 0) Atomics.wait(words, 1, 0, 50);
    };
    const second: Body = (words) => {
      while (Atomics.load(words, 0) === 0) Atomics.wait(words, 0, 0, 50);
      Atomics.store(words, 1, 1);
      Atomics.notify(words, 1);
    };
    const waker: Body = (words) => {
      Atomics.store(words, 0, 1);
      Atomics.notify(words, 0);
    };
    const onDeath = (memory: SharedArrayBuffer): void => void (new Int32Array(memory)[0] = 1);
    const killed = { C: onDeath };
    expect(explore(protocol([first, second, waker], { killed }))).toMatchObject({ isComplete: true, failure: null });
    // Where nothing can help, all look in vain, again and again.
    const found = explore(protocol([first, second, waker], { killed: { C: () => {} }, maxSteps: 60 }));
    expect(found.failure?.message).toBe('no end after 60 steps');
  });

  test('sleep and wake: first asleep, first woken', () => {
    const sleeper: Body = (words) => Atomics.wait(words, 0, 0);
    const waker: Body = (words) => {
      Atomics.store(words, 0, 1);
      return Atomics.notify(words, 0, 1) + Atomics.notify(words, 0);
    };
    const outcomes = new Set<string>();
    const check = (_: SharedArrayBuffer, results: Readonly<Record<string, unknown>>): void => {
      outcomes.add(Object.values(results).join());
    };
    expect(explore(protocol([sleeper, sleeper, waker], { check })).failure).toBeNull();
    expect([...outcomes].sort()).toEqual(['not-equal,not-equal,0', 'not-equal,ok,1', 'ok,not-equal,1', 'ok,ok,2']);
  });

  test('waiting until another actor writes, looking twice', () => {
    const waiter: Body = (words) => {
      let looks = 0;
      while (Atomics.load(words, 0) === 0) looks++;
      return looks;
    };
    const looks = new Set<unknown>();
    const check = (_: SharedArrayBuffer, { A }: Readonly<Record<string, unknown>>): void => void looks.add(A);
    const found = explore(protocol([waiter, (words) => Atomics.store(words, 0, 1)], { check }));
    expect([found.failure, [...looks].sort()]).toEqual([null, [0, 1, 2]]);
  });

  test('clocks that run ahead', () => {
    const outcomes = new Set<unknown>();
    const body: Body = (words) => {
      const start = performance.now();
      const slept = Atomics.wait(words, 0, 0, 1_000);
      return [slept, performance.now() - start >= 1_000].join();
    };
    const waker: Body = (words) => {
      Atomics.store(words, 0, 1);
      Atomics.notify(words, 0);
    };
    const check = (_: SharedArrayBuffer, { A }: Readonly<Record<string, unknown>>): void => void outcomes.add(A);
    expect(explore(protocol([body, waker], { check, impatient: ['A'] })).failure).toBeNull();
    expect([...outcomes].sort()).toEqual([
      'not-equal,false',
      'not-equal,true',
      'ok,false',
      'ok,true',
      'timed-out,true',
    ]);
  });

  test('deaths: at most one, told at that moment, and the dead sleep no more', () => {
    const killed = {
      A: (memory: SharedArrayBuffer) => Atomics.store(new Int32Array(memory), 1, 1),
      B: (memory: SharedArrayBuffer) => Atomics.store(new Int32Array(memory), 1, 1),
    };
    const body: Body = (words) => Atomics.wait(words, 0, 0, 10);
    const survivors = new Set<string>();
    const check = (memory: SharedArrayBuffer, results: Readonly<Record<string, unknown>>): void => {
      survivors.add(`${Object.entries(results)} ${new Int32Array(memory)[1]}`);
    };
    // With no actor to wake them, only the other's death lets a sleeper's time run out.
    const found = explore(protocol([body, body], { killed, check }));
    expect(found.failure?.message).toBe('A and B asleep forever');
    expect([...survivors].sort()).toEqual([]);
    const waker: Body = (words) => Atomics.store(words, 0, 1) + Atomics.notify(words, 0);
    expect(explore(protocol([body, waker], { killed: { B: killed.B }, check })).failure).toBeNull();
    expect([...survivors].sort()).toEqual(['A,not-equal 1', 'A,not-equal,B,1 0', 'A,ok,B,2 0', 'A,timed-out 1']);
  });

  test('methods of views element by element, other memory as ever', () => {
    const own = new Int32Array(new SharedArrayBuffer(4));
    const body: Body = (words) => {
      words.fill(7, 0, 2);
      words.subarray(2).set([1, 2]);
      Atomics.add(own, 0, 0);
      return [...words.slice(0, 4)].join();
    };
    const results = new Set<unknown>();
    const check = (_: SharedArrayBuffer, { A }: Readonly<Record<string, unknown>>): void => void results.add(A);
    const found = explore(protocol([body], { check }));
    expect([found.longest, found.schedules, [...results]]).toEqual([8, 1n, ['7,7,1,2']]);
  });

  test('models, a step at a time', () => {
    const model = (): number => step('one', () => 1) + step('two', () => 2);
    expect(model()).toBe(3);
    const found = explore(protocol([model, model]));
    expect([found.schedules, found.longest, found.failure]).toEqual([6n, 4, null]);
  });

  test('and leaves the globals as they were', () => {
    const before = [Atomics, Int32Array, performance.now];
    explore(protocol([addAtomic]));
    expect(() => explore(protocol([addAtomic], { setup: () => Error.prototype.valueOf.call(null) }))).toThrow();
    expect([Atomics, Int32Array, performance.now]).toEqual(before);
  });
});
