// What the tests of ends amid calls rest on: a thread ends where it should, and each kind of damage is found.
import { expect, test } from 'vitest';
import { type MortalCase, mortalCase, playDeaths } from '../src/deaths.ts';
import { endAfter } from '../src/explore/ending.ts';

/** Two words that should be equal; a third says that they are being changed. */
const [LEFT, RIGHT, CHANGING, LOST] = [0, 1, 2, 3];

interface Pair {
  words: Int32Array;
}

/** A pair that is raised in two writes, and repaired if the `repair` does so. */
function pair(repair: (words: Int32Array) => void, between: boolean): MortalCase {
  const memory = new SharedArrayBuffer(16);
  return mortalCase<Pair, { value: number }>({
    memory,
    oracle: { value: 0 },
    operations: {
      raise: {
        args: () => [],
        subject: ({ words }) => {
          Atomics.store(words, CHANGING, 1);
          try {
            words[LEFT]++;
            words[RIGHT]++;
          } finally {
            Atomics.store(words, CHANGING, 0);
          }
          return words[LEFT];
        },
        oracle: (o) => ++o.value,
        ...(between && { between: (o) => [{ value: o.value + 2 }] }),
      },
    },
    attach: () => ({ words: new Int32Array(memory) }),
    detach: () => undefined,
    bury: ({ words }) => repair(words),
    check: ({ words }, { value }) => expect([words[LEFT], words[RIGHT], words[CHANGING]]).toEqual([value, value, 0]),
    end: ({ words }) => expect(words[LOST]).toBe(0),
  });
}

function forwards(words: Int32Array): void {
  words[RIGHT] = words[LEFT]!;
  words[CHANGING] = 0;
}

const play = (repair: (words: Int32Array) => void, between = false): unknown =>
  playDeaths(() => pair(repair, between), { seed: 3, steps: 20 });

test('what a repair puts in order holds, at each of the writes', () => {
  expect(play(forwards)).toMatchObject({ calls: 20 });
  const { deaths, burials } = play(forwards) as { deaths: number; burials: number };
  expect(deaths).toBeGreaterThan(10);
  expect(burials).toBeGreaterThan(0);
});

test.each<[string, (words: Int32Array) => void, string]>([
  ['no repair', () => {}, 'the state is none that there may be'],
  [
    'a repair that goes too far',
    (words) => {
      if (words[CHANGING] === 1) words[LEFT]++;
      forwards(words);
    },
    'the state is none that there may be',
  ],
  [
    'a repair that loses something',
    (words) => {
      if (words[CHANGING] === 1) words[LOST] = 1;
      forwards(words);
    },
    'raise() that ends before its write 1',
  ],
  [
    // It ends between the two itself, and then says that all is in order.
    'a repair that holds only if it comes to its end',
    (words) => {
      if (words[CHANGING] === 0) return;
      words[CHANGING] = 0;
      words[RIGHT] = words[LEFT]!;
    },
    'its burial before the write 1',
  ],
])('%s is found', (_, repair, message) => {
  expect(() => play(repair)).toThrow(message);
});

test('a state between is allowed where a call says so', () => {
  const tooFar = (words: Int32Array): void => {
    if (words[CHANGING] === 1 && words[LEFT] === words[RIGHT]! + 1) words[LEFT]++;
    forwards(words);
  };
  expect(() => play(tooFar)).toThrow('none that there may be');
  expect(play(tooFar, true)).toMatchObject({ calls: 20 });
});

test('a thread that has ended reads and writes nothing more, not in a `finally` either', () => {
  const memory = new SharedArrayBuffer(16);
  const ending = endAfter(memory, 2, {
    attach: () => new Int32Array(memory),
    call: (words) => {
      try {
        for (let i = 0; i < 4; i++) words[i] = i + 1;
      } finally {
        words[0] = 9;
      }
    },
  });
  expect(ending).toEqual({ changes: 2, before: 'word 2 = 3' });
  expect([...new Int32Array(memory)]).toEqual([1, 2, 0, 0]);
});

test('a sleep ends by its time, a spin by the clock; a write that changes nothing is no end', () => {
  const memory = new SharedArrayBuffer(16);
  const { changes, before, result } = endAfter(memory, 3, {
    attach: () => new Int32Array(memory),
    call: (words) => {
      words[0] = 0;
      const slept = Atomics.wait(words, 0, 0, 5);
      const until = performance.now() + 5;
      while (performance.now() < until);
      return slept;
    },
  });
  expect({ changes, before, result }).toEqual({ changes: 1, before: null, result: 'timed-out' });
});
