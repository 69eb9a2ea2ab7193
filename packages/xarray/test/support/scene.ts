// Plays calls of threads on a SharedXArray of a few nodes for the explorer, and judges what comes of them: an order of the calls that
// keeps to real time must explain every answer, and the array that is left must be sound.
import { explainRegister, type RegisterCall, type RegisterEvent } from '@idspace/testkit';
import type { Protocol } from '@idspace/testkit/explore';
import { XArray } from '../../src/index.ts';
import { CHUNK_SHIFT, META_SHIFT } from '../../src/node-layout.ts';
import { SharedXArray } from '../../src/shared/index.ts';
import { DAMAGED, LEAF_LOCK, LOCK, ROSTER, SEQUENCE, SLOTS, seatOf, wordsOf } from '../../src/shared/layout.ts';

/** A word that the layout leaves unused: counts the moments at which calls begin and end. */
const CLOCK = 8;
/** A seat's word in the roster once its thread was buried. */
const DEAD = 2;
/** Owner of the first actor; 1 has made the array. */
const FIRST = 2;

/** `erase`, `fill` and `count` are of the range from `index` to `last`. */
type Call =
  | [call: RegisterCall | 'alloc' | 'mark', index: number, value?: number, expected?: number]
  | [call: 'erase' | 'fill' | 'count', index: number, value: number, last: number];
type Event = RegisterEvent & { index: number };

/** What threads call on an array. */
export interface Scene {
  /** Indices at which an entry, index + 1000, is at first. */
  held: number[];
  /** What each thread calls, one call after the other. */
  calls: Call[][];
  /** Whether the first thread may be killed. */
  mortal?: boolean;
  /** Nodes. Few, as a burial looks at all of them. */
  capacity?: number;
  /** What a call of `count` may answer: one that takes the lock sees all of a change or nothing. */
  counts?: number[];
  /** Makes the array of the second thread a wrong one. */
  spoil?: (array: Spoilt) => void;
}

/** Private parts of a SharedXArray. */
export interface Spoilt {
  slots: Int32Array;
  load(index: number): number;
  count(first: number, last: number): number;
  attachment: { tree: { enter(): void; count(first: number, last: number): number } };
  leaves: {
    seat: number;
    leafOf(index: number): number;
    lockLater(lock: number): boolean;
  };
}

/** Makes a protocol of a scene: the shipped code, an actor for each thread. */
export function scene({ held, calls, mortal = false, capacity = mortal ? 2 : 6, counts = [], spoil }: Scene): Protocol {
  const made = new SharedXArray({ alloc: 'from0', capacity });
  for (const index of held) made.store(index, index + 1000);
  // As if there had been others before, which saves the actors a step.
  for (const owner of [2, 3, 4]) SharedXArray.attach(made.handle, { owner }).detach();
  const names = calls.map((_, i) => `thread ${FIRST + i}`);
  return {
    bytes: made.byteLength,
    words: {
      lock: LOCK,
      damaged: DAMAGED,
      clock: CLOCK,
      sequence: SLOTS + SEQUENCE,
      'seat 2': seatOf(2),
      'seat 3': seatOf(3),
      ...leafLocks(made.byteLength / 4),
    },
    maxSteps: 5_000,
    setup: (memory) => void bytes(memory).set(bytes(made.handle)),
    actors: Object.fromEntries(
      names.map((name, i) => [name, acting(calls[i]!, FIRST + i, i === 1 ? spoil : undefined)]),
    ),
    ...(mortal && {
      killed: { [names[0]!]: (memory) => void bytes(memory).writeInt32LE(DEAD, (ROSTER + FIRST - 1) * 4) },
    }),
    check: (memory, results) => {
      const answers = names.map((name) => results[name] as number[] | undefined);
      for (const [i, list] of calls.entries()) expectCounts(list, answers[i], counts);
      const events = calls.flatMap((list, i) => history(list, answers[i]));
      judge(memory, [...held.map(atFirst), ...events], mortal);
    },
  };
}

/** Names of the nodes' words that are locks of leaves. */
function leafLocks(words: number): Record<string, number> {
  const nodes = (words - SLOTS) / (wordsOf(1) - wordsOf(0));
  const lockOf = (node: number): number => SLOTS + (nodes << CHUNK_SHIFT) + (node << META_SHIFT) + LEAF_LOCK;
  return Object.fromEntries(Array.from({ length: nodes }, (_, node) => [`leaf lock ${node}`, lockOf(node)]));
}

/** Makes calls; returns when each began, when it ended, and its answer. */
function acting(
  calls: Call[],
  owner: number,
  spoil?: (array: Spoilt) => void,
): (memory: SharedArrayBuffer) => number[] {
  return (memory) => {
    const array = SharedXArray.attach(memory, { owner });
    spoil?.(array as unknown as Spoilt);
    const clock = new Int32Array(memory);
    return calls.flatMap((call) => {
      const start = Atomics.add(clock, CLOCK, 1) + 1;
      const answer = make(array, call);
      return [start, Atomics.add(clock, CLOCK, 1) + 1, answer];
    });
  };
}

function make(array: SharedXArray, [call, index, value = 0, expected = 0]: Call): number {
  if (call === 'read') return array.load(index);
  if (call === 'write') return array.store(index, value);
  if (call === 'insert') return Number(array.insert(index, value));
  if (call === 'cmpxchg') return array.cmpxchg(index, expected, value);
  if (call === 'alloc') return array.alloc(value, index);
  if (call === 'remove') return array.erase(index);
  if (call === 'erase') return array.eraseRange(index, expected);
  if (call === 'count') return array.count(index, expected);
  if (call === 'fill') array.fillRange(index, expected, value);
  if (call === 'fill') return 0;
  array.setMark(index, 1);
  return 0;
}

// biome-ignore format: what belongs together stands in a row
const atFirst = (index: number): Event => ({
  call: 'write', index, value: index + 1000, expected: 0,
  start: -1, end: 0, answer: 0,
});

/** The history of a thread; one that was killed has no results: its calls happened at any time, or did not. */
function history(calls: Call[], results: number[] | undefined): Event[] {
  return calls.flatMap(([call, index, value = 0, expected = 0], i): Event[] => {
    const [start, end, answer] = results?.slice(i * 3) ?? [0, Number.POSITIVE_INFINITY, 0];
    // An ID is inserted, at the index that is the answer.
    if (call === 'alloc') return [{ call: 'insert', index: answer, value, expected, start, end, answer: 1 }];
    if (call === 'mark' || call === 'count') return [];
    if (call !== 'erase' && call !== 'fill') return [{ call, index, value, expected, start, end, answer }];
    // To each index of the range something happens meanwhile, and what was there is not told.
    return Array.from({ length: expected - index + 1 }, (_, at) => {
      const each = { index: index + at, value, expected, start, end, answer: null };
      return { call: call === 'erase' ? 'remove' : 'write', ...each };
    });
  });
}

/** Holds the answers of a thread's counts to what they may be. */
function expectCounts(calls: Call[], results: number[] | undefined, counts: number[]): void {
  for (const [i, [call]] of calls.entries()) {
    const answer = results?.[i * 3 + 2];
    if (call === 'count' && answer !== undefined && !counts.includes(answer))
      throw new Error(`${answer} are counted, expected ${counts}`);
  }
}

/** Throws if one who lives keeps a lock or sits in a leaf: to wait for it would have no end. */
function isLeft(memory: SharedArrayBuffer, mortal: boolean): void {
  const words = new Int32Array(memory.slice(0));
  const holder = words[LOCK]! & 0x7fff_ffff;
  if (holder !== 0 && !(mortal && holder === FIRST)) throw new Error(`owner ${holder} keeps the lock`);
  for (let owner = mortal ? FIRST + 1 : FIRST; owner < FIRST + 3; owner++) {
    if (words[seatOf(owner)] !== 0) throw new Error(`owner ${owner} stays in a leaf`);
  }
}

function judge(memory: SharedArrayBuffer, events: Event[], mortal: boolean): void {
  isLeft(memory, mortal);
  // Of a copy: no stand-in looks at it.
  const array = SharedXArray.attach(memory.slice(0), { owner: 64 });
  if (mortal) array.bury(FIRST);
  for (const index of new Set(events.map((event) => event.index))) {
    const explained = explainRegister(events.filter((event) => event.index === index));
    if ('violation' in explained) {
      const { call, answer } = explained.violation;
      throw new Error(`nothing explains that ${call} at ${index} answers ${answer}`);
    }
    const held = array.load(index);
    if (!explained.values.includes(held)) throw new Error(`${held} is at ${index}, expected ${explained.values}`);
  }
  const copy = XArray.from(array.snapshot());
  if (copy.size !== array.size) throw new Error(`the size is ${array.size}, expected ${copy.size}`);
}

/** As a Buffer: it reads and writes the memory itself, where other views would make an access of every byte. */
const bytes = (memory: SharedArrayBuffer): Buffer => Buffer.from(memory);
