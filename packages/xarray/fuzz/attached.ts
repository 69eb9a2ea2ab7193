// A shared array whose memory is written to outside of its calls: answers may be wrong, but every call ends, with an answer or an error.
import { corrupt, corruptions, type FuzzTargets, memoryOf } from '@idspace/testkit/fuzz';
import { SharedXArray, SharedXArrayError } from '../src/shared/index.ts';

const U32 = 2 ** 32 - 1;
const INDICES = [0, 1, 63, 64, 65, 4095, 4096, 2 ** 18, 2 ** 30, U32];

/** Arrays to begin with: empty, a lone entry, dense, sparse with marks, and one that has freed nodes. */
const MEMORIES: readonly Uint8Array[] = [
  new SharedXArray({ capacity: 6 }),
  ...[[0], [0, 64, 4096], INDICES].map((indices) => {
    const array = new SharedXArray({ capacity: 30 });
    for (const index of indices) array.store(index, (index & 0xffff) + 1);
    for (const index of indices) array.setMark(index, index % 3);
    return array;
  }),
  ...(['from0', 'from1'] as const).map((alloc) => {
    const array = new SharedXArray({ alloc, capacity: 14 });
    for (let i = 0; i < 300; i++) array.alloc(i + 1);
    for (let index = 64; index < 200; index++) array.erase(index);
    array.reserve(70);
    return array;
  }),
].map((array) => {
  const bytes = new Uint8Array(array.handle).slice();
  array.detach();
  return bytes;
});

/** @throws What is no documented outcome. */
function attempt(call: () => unknown): void {
  try {
    const answer = call();
    if (answer === undefined || Number.isNaN(answer)) throw new Error('answered what is no number');
  } catch (error) {
    // Of a lock or a seat that is another's by then.
    const isLost = error instanceof RangeError && /^(unlockWord|Roster\.leave): /.test(error.message);
    if (!(error instanceof SharedXArrayError || isLost)) throw error;
  }
}

const done = (call: () => void) => (): number => {
  call();
  return 0;
};

function changes(array: SharedXArray): (() => unknown)[] {
  return INDICES.flatMap((index) => [
    () => array.load(index),
    () => array.store(index, 7),
    () => array.insert(index, 8),
    () => array.cmpxchg(index, 8, 9),
    done(() => array.setMark(index, 1)),
    () => array.getMark(index, 1),
    () => array.erase(index),
    done(() => array.reserve(index)),
    done(() => array.clearMark(index, 0)),
    done(() => array.release(index)),
  ]);
}

function searches(array: SharedXArray): (() => unknown)[] {
  return [undefined, 0].flatMap((mark) => [
    () => array.find(0, U32, mark),
    () => array.findAfter(63, U32, mark),
    () => array.findLast(U32, 0, mark),
    () => array.findBefore(4096, 0, mark),
    () => array.count(1, U32, mark),
    () => array.rank(4096, mark),
    () => array.nth(2, mark),
    () => array.extract(new Int32Array(16), 0, U32, mark),
    () => [...array.range(0, U32, mark)].length,
    () => [...array.reversed(U32, 0, mark)].length,
  ]);
}

function rest(array: SharedXArray): (() => unknown)[] {
  return [
    () => array.size + array.height + array.byteLength + array.nodeCount,
    () => array.findAbsent(0),
    () => array.findGap(100),
    () => array.snapshot(),
    done(() => array.fillRange(60, 200, 5)),
    () => array.eraseRange(100, U32),
    () => array.marked(0),
  ];
}

function allocations(array: SharedXArray): (() => unknown)[] {
  return [() => array.alloc(3), () => array.alloc(3, 64, 70), () => array.allocCyclic(4, 200)];
}

/** What must work on any memory: after `clear`, nothing is left of what was there. */
function startAgain(array: SharedXArray): void {
  try {
    array.clear();
    if (array.find() >= 0 || array.findLast() >= 0) throw new Error('an array that was cleared has an entry');
  } catch (error) {
    if (!(error instanceof SharedXArrayError && error.code === 'lock-timeout')) throw error;
  }
}

export const TARGETS: FuzzTargets = {
  attached: {
    seeds: () => MEMORIES.map((_, memory) => Uint8Array.of(memory)),
    structures: [corruptions],
    longest: 256,
    milliseconds: 500,
    run: (input) => {
      const memory = memoryOf(input, MEMORIES.length);
      const bytes = MEMORIES[memory]!;
      const handle = new SharedArrayBuffer(bytes.length);
      new Uint8Array(handle).set(bytes);
      const words = new Int32Array(handle);
      corrupt(words, input, 0);
      for (const lockFreeReads of [true, false]) {
        attempt(() => {
          const array = SharedXArray.attach(handle, { timeoutMs: 0, lockFreeReads });
          const isAllocating = memory > MEMORIES.length - 3 && words[2]! > 0;
          const parts = [searches, changes, rest, ...(isAllocating ? [allocations] : []), searches];
          parts.forEach((part, stage) => {
            corrupt(words, input, lockFreeReads ? 2 * stage + 1 : 2 * stage + 2);
            for (const call of part(array)) attempt(call);
          });
          attempt(() => array.bury(array.owner === 2 ? 3 : 2));
          startAgain(array);
          array.detach();
          return 0;
        });
      }
    },
  },
};
