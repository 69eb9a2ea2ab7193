// Words that no call writes: every call ends, with an answer or the error damaged, and the next call finds a tree again.
import { describe, expect, test } from 'vitest';
import { META_SHIFT, PARENT, PLACE } from '../../src/node-layout.ts';
import { SharedXArray, SharedXArrayError } from '../../src/shared/index.ts';
import {
  BUSY,
  FREE_COUNT,
  FREE_NODE,
  LOCK,
  ROOT,
  ROOT_SHIFT,
  SEATED,
  SLOTS,
  seatOf,
  TOP,
} from '../../src/shared/layout.ts';

const NODES = 32;
const U32 = 2 ** 32 - 1;
/** Leaves of one parent, and what is far from them. */
const INDICES = [0, 64, 128, 4096, 2 ** 18];

interface Opened {
  array: SharedXArray;
  words: Int32Array;
  /** Element of a node's slot, and of a word of its meta data. */
  slot(node: number, offset: number): number;
  meta(node: number, word: number): number;
  /** The node that a path of offsets leads to, from the root. */
  node(...path: number[]): number;
}

function open(): Opened {
  const array = new SharedXArray({ capacity: NODES - 2, timeoutMs: 0, alloc: 'from0' });
  for (const index of INDICES) array.store(index, (index & 0xffff) + 1);
  for (const index of [64, 128]) array.setMark(index, 0);
  const words = new Int32Array(array.handle);
  const slot = (node: number, offset: number): number => SLOTS + node * 64 + offset;
  return {
    array,
    words,
    slot,
    meta: (node, word) => SLOTS + NODES * 64 + (node << META_SHIFT) + word,
    node: (...path) => path.reduce((at, offset) => words[slot(at, offset)]!, words[SLOTS + ROOT]! >>> ROOT_SHIFT),
  };
}

/** Makes a call; undefined if the memory is damaged. */
function answer<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof SharedXArrayError && error.code === 'damaged') return undefined;
    throw error;
  }
}

function callAll(array: SharedXArray): void {
  for (const mark of [undefined, 0]) {
    answer(() => [...array.range(0, U32, mark)]);
    answer(() => [...array.reversed(U32, 0, mark)]);
    answer(() => [array.findLast(U32, 0, mark), array.findBefore(4096, 0, mark), array.count(1, U32, mark)]);
    answer(() => [array.nth(2, mark), array.rank(4097, mark)]);
  }
  answer(() => [array.findAbsent(0), array.findGap(1000)]);
  for (const index of [1, 65, 129, 4097, 2 ** 24]) {
    answer(() => array.store(index, 3));
    answer(() => array.setMark(index, 1));
    answer(() => array.alloc(4));
    answer(() => array.erase(index));
  }
  answer(() => array.fillRange(60, 300, 9));
  answer(() => array.eraseRange(0, U32));
}

const DAMAGES: Record<string, (opened: Opened) => void> = {
  'a leaf whose parent is itself': ({ words, meta, node }) => {
    words[meta(node(0, 0, 1), PARENT)] = node(0, 0, 1);
  },
  'parents that lead in a circle': ({ words, meta, node }) => {
    words[meta(node(0), PARENT)] = node(0, 0);
  },
  'a child that is its own parent': ({ words, slot, node }) => {
    words[slot(node(0, 0), 1)] = node(0, 0);
  },
  'all slots of the root lead to the root': ({ words, slot, node }) => {
    words.fill(node(), slot(node(), 0), slot(node(), 64));
    words.fill(-1, SLOTS + NODES * 64, SLOTS + NODES * 64 + (NODES << META_SHIFT));
  },
  'a leaf in two places': ({ words, slot, node }) => {
    words[slot(node(0, 0), 2)] = node(0, 0, 1);
  },
  'a slot that leads out of the memory': ({ words, slot, node }) => {
    words[slot(node(0, 0), 1)] = 0x0400_0002;
  },
  'a place of another height': ({ words, meta, node }) => {
    words[meta(node(0, 0, 1), PLACE)] = 30;
  },
  'a root that is none, seven levels high': ({ words }) => {
    words[SLOTS + ROOT] = -1;
  },
  'a free list that leads in a circle': ({ array, words, meta }) => {
    array.erase(2 ** 18);
    words[meta(words[FREE_NODE]!, PARENT)] = words[FREE_NODE]!;
  },
  'more free nodes than nodes': ({ words }) => {
    words[FREE_COUNT] = 2 ** 30;
  },
  'fewer nodes than there are': ({ words }) => {
    words[TOP] = 2;
  },
  'seats without number': ({ words }) => {
    words[SEATED] = -(2 ** 27);
  },
  'its own seat busy': ({ array, words }) => {
    words[seatOf(array.owner) | BUSY] = 1;
  },
  'a lock that no thread can hold': ({ words }) => {
    words[LOCK] = 70_000;
  },
  'a lock held by itself': ({ array, words }) => {
    words[LOCK] = array.owner;
  },
};

describe.each(Object.entries(DAMAGES))('%s', (_, damage) => {
  test.each([true, false])('seen by the thread that knew the memory: %s', (isKnown) => {
    const opened = open();
    const array = isKnown ? opened.array : SharedXArray.attach(opened.array.handle, { timeoutMs: 0 });
    damage({ ...opened, array });
    callAll(array);
    array.clear();
    // What was not known of is found once, where it is about to be used.
    for (let tries = 0; tries < NODES; tries++) answer(() => array.store(5, 6));
    expect([array.load(5), array.find()]).toEqual([6, 5]);
  });
});

test('damaged says what was found, and the next call goes on with the rest', () => {
  const { array, words, slot, node } = open();
  words[slot(node(0, 0), 2)] = node(0, 0, 1);
  expect(() => [...array]).toThrow(
    'SharedXArray: memory: got a node that is not where its words say, expected a sound tree',
  );
  expect([...array].map(([index]) => index)).toEqual(INDICES.filter((index) => index !== 128));
});

test('nothing is where no node is, whatever stood in the words that say so', () => {
  const { array, words, slot, meta, node } = open();
  words.fill(7, slot(0, 0), slot(0, 64));
  words.fill(-1, meta(0, 0), meta(1, 0));
  words[slot(node(0, 0), 2)] = node(0, 0, 1);
  expect(() => [...array]).toThrow('expected a sound tree');
  // The first call that takes the writers' lock mends the tree.
  expect([array.insert(2 ** 18 + 128, 9), array.load(2 ** 18 + 64), array.size]).toEqual([true, 0, 5]);
  expect([array.findAbsent(2 ** 18 + 192), array.getMark(2 ** 18 + 192, 0)]).toEqual([2 ** 18 + 192, false]);
});
