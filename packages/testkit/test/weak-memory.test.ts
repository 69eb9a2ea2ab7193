// Weak memory, by the litmus tests of the field: what each may and must not end in.
import { describe, expect, test } from 'vitest';
import { explore, type Protocol } from '../src/explore/index.ts';

type Body = (words: Int32Array) => unknown;

/** Words on which the bodies work. */
const [X, Y] = [0, 1];

function protocol(bodies: Body[], check: Protocol['check']): Protocol {
  const actors = bodies.map((body, i) => [
    String.fromCharCode(65 + i),
    (memory: SharedArrayBuffer) => body(new Int32Array(memory)),
  ]);
  return { bytes: 8, words: { X, Y }, actors: Object.fromEntries(actors), ...(check && { check }) };
}

/** All that the results of the actors and the memory left can be. */
function outcomes(weak: boolean, ...bodies: Body[]): string[] {
  const seen = new Set<string>();
  const check: Protocol['check'] = (memory, results) => {
    const told = Object.values(results).filter((result) => result !== undefined);
    seen.add(told.length > 0 ? told.join('; ') : [...new Int32Array(memory)].join());
  };
  expect(explore(protocol(bodies, check), { weak }).failure).toBeNull();
  return [...seen].sort();
}

const put =
  (...writes: [kind: 'plain' | 'atomic', word: number, value: number][]): Body =>
  (words) => {
    for (const [kind, word, value] of writes) {
      if (kind === 'plain') words[word] = value;
      else Atomics.store(words, word, value);
    }
  };
const get =
  (...reads: [kind: 'plain' | 'atomic', word: number][]): Body =>
  (words) =>
    reads.map(([kind, word]) => (kind === 'plain' ? words[word] : Atomics.load(words, word))).join();

describe('message passing: data, then a flag; the flag, then the data', () => {
  const inOrder = ['0,0', '0,1', '1,1'];
  const any = ['0,0', '0,1', '1,0', '1,1'];
  test.each([
    ['plain', 'plain', 'plain', 'plain', any],
    ['plain', 'atomic', 'plain', 'plain', any],
    ['plain', 'plain', 'atomic', 'plain', any],
    ['atomic', 'plain', 'atomic', 'atomic', any],
    // What is before an Atomics.store stays before it, and what is after an Atomics.load stays after it.
    ['plain', 'atomic', 'atomic', 'plain', inOrder],
    ['plain', 'atomic', 'atomic', 'atomic', inOrder],
    ['atomic', 'atomic', 'atomic', 'atomic', inOrder],
    // But what is before an Atomics.load may be made after it.
    ['atomic', 'atomic', 'plain', 'atomic', any],
  ] as const)('data %s, flag %s; flag %s, data %s', (data, flag, seenFlag, seenData, expected) => {
    const bodies = [put([data, X, 1], [flag, Y, 1]), get([seenFlag, Y], [seenData, X])];
    expect(outcomes(true, ...bodies)).toEqual(expected);
    expect(outcomes(false, ...bodies)).toEqual(inOrder);
  });
});

describe('a write, then a read of what the other writes', () => {
  const both = (kind: 'plain' | 'atomic'): Body[] =>
    [X, Y].map(
      (own): Body =>
        (words) => {
          put([kind, own, 1])(words);
          return get([kind, 1 - own])(words);
        },
    );
  test.each([
    ['plain', true, ['0; 0', '0; 1', '1; 0', '1; 1']],
    ['atomic', true, ['0; 1', '1; 0', '1; 1']],
    ['plain', false, ['0; 1', '1; 0', '1; 1']],
  ] as const)('%s, weak %s', (kind, weak, expected) => {
    expect(outcomes(weak, ...both(kind))).toEqual(expected);
  });

  test('an exchange is a fence for both', () => {
    const bodies = [X, Y].map(
      (own): Body =>
        (words) => {
          Atomics.exchange(words, own, 1);
          return words[1 - own];
        },
    );
    expect(outcomes(true, ...bodies)).toEqual(['0; 1', '1; 0', '1; 1']);
  });
});

test('independent readers of Atomics agree on an order', () => {
  const bodies = [
    put(['atomic', X, 1]),
    put(['atomic', Y, 1]),
    get(['atomic', X], ['atomic', Y]),
    get(['atomic', Y], ['atomic', X]),
  ];
  expect(outcomes(true, ...bodies)).not.toContain('1,0; 1,0');
  const plain = bodies.slice(0, 2).concat(get(['plain', X], ['plain', Y]), get(['plain', Y], ['plain', X]));
  expect(outcomes(true, ...plain)).toContain('1,0; 1,0');
});

test('a plain write after an Atomics.store may come before it', () => {
  const bodies = [put(['atomic', X, 1], ['plain', Y, 1]), get(['atomic', Y], ['atomic', X])];
  expect(outcomes(true, ...bodies)).toContain('1,0');
  expect(outcomes(false, ...bodies)).not.toContain('1,0');
});

test('an actor sees what it has written itself, and not what was there before', () => {
  const body: Body = (words) => {
    words[X] = 1;
    const seen = words[X];
    words[X] = 2;
    return [seen, words[X], Atomics.load(words, X), Atomics.add(words, X, 1)].join();
  };
  expect(outcomes(true, body, get(['plain', Y]))).toEqual(['1,2,2,2; 0']);
});

test('what an actor wrote is there when it has ended, or was killed', () => {
  const seen = new Set<number>();
  const check: Protocol['check'] = (memory) => void seen.add(new Int32Array(memory)[X]!);
  const body = put(['plain', X, 1]);
  explore(protocol([body], check), { weak: true });
  expect([...seen]).toEqual([1]);
  const killed = { A: () => {} };
  const found = explore({ ...protocol([put(['plain', X, 1], ['plain', Y, 1])], check), killed }, { weak: true });
  expect([found.failure, [...seen].sort()]).toEqual([null, [0, 1]]);
});

test('a loop that waits by plain reads sees the change in the end', () => {
  const waiter: Body = (words) => {
    let looks = 0;
    while (words[X] === 0) looks++;
    return looks;
  };
  expect(outcomes(true, waiter, put(['plain', X, 1])).length).toBeGreaterThan(2);
});

test('a schedule tells what is out of order', () => {
  const bodies = [put(['plain', X, 1], ['plain', Y, 1]), get(['atomic', Y], ['atomic', X])];
  const check: Protocol['check'] = (_, { B }) => {
    if (B === '1,0') throw new Error('the flag without the data');
  };
  expect(explore(protocol(bodies, check), { weak: true }).failure?.schedule).toEqual([
    'A: X = 1 → 1 (not yet in memory)',
    'A: Y = 1 → 1',
    'B: load(Y) → 1',
    'B: load(X) → 0',
    'A: X = 1 reaches memory',
  ]);
});
