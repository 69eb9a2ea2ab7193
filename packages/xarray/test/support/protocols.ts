// What threads do to a SharedXArray at the same time, and wrong ways to do it, for the explorer: the shipped code, called
// by two or three actors on an array of a few nodes. An order of the calls that keeps to real time must explain every
// answer, and the array that is left must be sound.
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

interface Scene {
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
interface Spoilt {
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

function scene({ held, calls, mortal = false, capacity = mortal ? 2 : 6, counts = [], spoil }: Scene): Protocol {
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

const freeing: Scene = { held: [1, 64], calls: [[['remove', 64]], [['write', 65, 11]]] };
const growing: Scene = { held: [1, 2], calls: [[['write', 64, 11]], [['write', 2, 12]]] };
/** A tree of two leaves whose first thread may be killed. */
const mortalTree = { mortal: true, capacity: 4 };
const marking: Scene = { held: [1, 2], calls: [[['mark', 2]], [['remove', 2]]] };
const twoStores: Scene = { held: [1, 2], calls: [[['write', 1, 11]], [['write', 1, 12]]] };
const reusing: Scene = {
  held: [0, 64, 128],
  calls: [
    [
      ['remove', 64],
      ['write', 192, 11],
    ],
    [['read', 64]],
  ],
};
/** The same by a reader that has met the leaf before. */
const rereading: Scene = {
  ...reusing,
  calls: [
    reusing.calls[0]!,
    [
      ['read', 64],
      ['read', 64],
    ],
  ],
};

const erasing: Scene = { held: [1, 2], calls: [[['erase', 1, 0, 2]], [['count', 0, 0, 9]]], counts: [2, 0] };
const filling: Scene = { held: [1], calls: [[['fill', 1, 11, 2]], [['count', 0, 0, 9]]], counts: [1, 2] };

/** Calls on ranges, soon explored. */
const RANGE_PROTOCOLS: Record<string, Protocol> = {
  'a range erased while another thread counts': scene(erasing),
  'a range filled while another thread counts': scene(filling),
  'a range erased beside loads': scene({
    held: [1, 2],
    calls: [
      [['erase', 1, 0, 2]],
      [
        ['read', 2],
        ['read', 1],
      ],
    ],
  }),
  'a range erased while another thread stores in it': scene({
    held: [1, 2],
    calls: [[['erase', 1, 0, 2]], [['write', 2, 12]]],
  }),
  'a range filled beside loads': scene({
    held: [1],
    calls: [
      [['fill', 1, 11, 2]],
      [
        ['read', 2],
        ['read', 1],
      ],
    ],
  }),
  'a range filled while another thread stores in it': scene({
    held: [1],
    calls: [[['fill', 1, 11, 2]], [['write', 2, 12]]],
  }),
  'a range filled while another thread erases it': scene({
    held: [1],
    calls: [[['fill', 1, 11, 2]], [['erase', 1, 0, 2]]],
  }),
};

/** What takes long to the end: the tests play some schedules of it. */
export const SAMPLED_PROTOCOLS: Record<string, Protocol> = {
  'a range filled by a thread that may be killed, while another erases it': scene({
    held: [1],
    calls: [[['fill', 1, 11, 2]], [['erase', 1, 0, 2]]],
    mortal: true,
  }),
  'a leaf freed by a thread that may be killed, while another stores in it': scene({ ...freeing, ...mortalTree }),
  'a leaf freed by a thread that may be killed, while another loads from it': scene({
    ...freeing,
    calls: [freeing.calls[0]!, [['read', 64]]],
    ...mortalTree,
  }),
  'a tree grown by a thread that may be killed, while another stores': scene({ ...growing, ...mortalTree }),
  'a tree grown by a thread that may be killed, while another loads': scene({
    ...growing,
    calls: [growing.calls[0]!, [['read', 2]]],
    ...mortalTree,
  }),
  'a node freed and used again by a thread that may be killed, beside a load': scene({
    ...reusing,
    mortal: true,
    capacity: 6,
  }),
  'a store in a leaf that another thread frees, and a load, 3 threads': scene({
    ...freeing,
    calls: [...freeing.calls, [['read', 64]]],
  }),
};

/** What holds, and is soon explored. */
export const PROTOCOLS: Record<string, Protocol> = {
  ...RANGE_PROTOCOLS,
  'two stores at one index': scene(twoStores),
  'two stores in one leaf, where nothing was': scene({ held: [1], calls: [[['write', 2, 11]], [['write', 3, 12]]] }),
  'two inserts at one index': scene({ held: [1], calls: [[['insert', 2, 11]], [['insert', 2, 12]]] }),
  'two exchanges of one entry': scene({
    held: [1, 2],
    calls: [[['cmpxchg', 2, 11, 1002]], [['cmpxchg', 2, 12, 1002]]],
  }),
  'a store and an erase at one index': scene({ held: [1, 2], calls: [[['write', 2, 11]], [['remove', 2]]] }),
  'an insert and an erase after a load': scene({
    held: [1],
    calls: [
      [['insert', 2, 11]],
      [
        ['read', 2],
        ['remove', 2],
      ],
    ],
  }),
  'an insert at the index that alloc gives out': scene({
    held: [0, 2],
    calls: [[['alloc', 0, 11]], [['insert', 1, 12]]],
  }),
  'a store in a leaf that another thread frees': scene(freeing),
  'a store while the tree grows': scene(growing),
  'an erase while the entry gets a mark': scene(marking),
  'a load beside a store': scene({
    held: [1, 2],
    calls: [
      [['write', 2, 11]],
      [
        ['read', 2],
        ['read', 2],
      ],
    ],
  }),
  'a load while the tree grows': scene({ held: [1, 2], calls: [[['write', 64, 11]], [['read', 2]]] }),
  'a load in a leaf that is freed': scene({ held: [1, 64], calls: [[['remove', 64]], [['read', 64]]] }),
  'a store in a leaf whose other writer may be killed': scene({
    held: [1, 2],
    calls: [[['write', 3, 11]], [['write', 2, 12]]],
    mortal: true,
  }),
};

/** What holds, and takes longer. */
export const LARGE_PROTOCOLS: Record<string, Protocol> = {
  ...SAMPLED_PROTOCOLS,
  'a range erased by a thread that may be killed, while another stores in it': scene({
    held: [1, 2],
    calls: [[['erase', 1, 0, 2]], [['write', 2, 12]]],
    mortal: true,
  }),
  'two erases that together empty a leaf': scene({ held: [64, 65, 128], calls: [[['remove', 64]], [['remove', 65]]] }),
  'an erase while its leaf becomes full': scene({
    held: Array.from({ length: 63 }, (_, i) => i),
    calls: [[['write', 63, 11]], [['remove', 5]]],
  }),
  'a load in a leaf whose node is freed and used again': scene(reusing),
  'a load in a leaf that was met before and is freed and used again': scene(rereading),
  'a store where another thread erases that may be killed': scene({
    held: [1, 2],
    calls: [[['remove', 2]], [['write', 2, 12]]],
    mortal: true,
  }),
  'two stores and a load at one index': scene({ ...twoStores, calls: [...twoStores.calls, [['read', 1]]] }),
};

/** What does not hold, and what the explorer must say of it. */
export const BROKEN: Record<string, { protocol: Protocol; message: string }> = {
  'a thread whose seat no writer looks at': {
    protocol: scene({
      ...marking,
      spoil: (array) => {
        array.leaves.seat = seatOf(9);
      },
    }),
    message: 'marks of what is present',
  },
  'a thread that does not care for the lock of a leaf': {
    protocol: scene({
      ...twoStores,
      spoil: (array) => {
        array.leaves.lockLater = () => true;
      },
    }),
    message: 'nothing explains that write at 1 answers 1001',
  },
  'a count that takes no lock': {
    protocol: scene({
      ...erasing,
      spoil: (array) => {
        const { tree } = array.attachment;
        array.count = (first, last) => {
          tree.enter();
          return tree.count(first, last);
        };
      },
    }),
    message: '1 are counted, expected 2,0',
  },
  'a load that does not look at the sequence': {
    protocol: scene({
      ...reusing,
      spoil: (array) => {
        array.load = (index) => array.slots[(array.leaves.leafOf(index) << 6) | (index & 63)];
      },
    }),
    message: 'nothing explains that read at 64 answers 11',
  },
  'a load in a leaf that was met before, without a look at the sequence': {
    protocol: scene({
      ...rereading,
      spoil: (array) => {
        let leaf = 0;
        array.load = (index) => {
          if (leaf === 0) leaf = array.leaves.leafOf(index);
          return array.slots[(leaf << 6) | (index & 63)];
        };
      },
    }),
    message: 'nothing explains that read at 64 answers 11',
  },
};
