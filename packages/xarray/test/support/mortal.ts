// A shared array whose threads end amid calls, and what they may leave.
import { expectSame } from '@idspace/testkit';
import { type MortalCases, type MortalOperation, mortalCase } from '@idspace/testkit/death-tests';
import { XArray } from '../../src/index.ts';
import { SharedXArray } from '../../src/shared/index.ts';
import { Oracle } from '../oracle.ts';
import { expectEmpty, MAX_INDEX } from '../sound.ts';
import { check, operations } from './map-operations.ts';

type Operations = Record<string, MortalOperation<SharedXArray, Oracle>>;

/** So few leaves that they fill and empty, and that all fit. */
const SHAPES = {
  'few leaves': { centres: [0, 56, 124], near: 8, capacity: 14 },
  'many levels': { centres: [0, 63, 4095, 2 ** 24 - 1, MAX_INDEX - 1], near: 2, capacity: 30 },
};
const MARKS = [0, 1, 2];
type Shape = keyof typeof SHAPES;
const KINDS = [undefined, 'from0', 'from1'] as const;
/** Calls that only look: how they end makes no difference. */
const LOOKS = new Set(
  'load find findAfter findLast findBefore count nth getMark marked size forEach extract'.split(' '),
);

type Between = NonNullable<Operations[string]['between']>;

/** What is at an index is gone, but not the index: it stays reserved, with all of its marks or those that were to go last. */
function halfErased(oracle: Oracle, index: number): Oracle[] {
  if (oracle.load(index) === 0) return [];
  return [0, ...MARKS.map((mark) => mark + 1)].flatMap((cleared) => {
    const half = copy(oracle);
    for (const mark of MARKS.slice(0, cleared)) half.clearMark(index, mark);
    half.empty(index);
    return [half];
  });
}

/** What may be between the states before a call and after it. */
function betweenOf(name: string, call: Operations[string], alloc: (typeof KINDS)[number]): Between {
  return (oracle, ...args) => {
    const parts = BETWEEN[name]?.(oracle, ...args) ?? [];
    if (alloc !== 'from1') return parts;
    // With the first index that is taken, 0 is reserved before, and given back after the last one.
    const after = copy(oracle);
    call.oracle(after, ...args);
    if (oracle.taken().length > 0 && after.taken().length > 0) return parts;
    const lone = new Oracle(1);
    lone.insert(0, 0);
    return [...parts, lone];
  };
}

/** Index by index, each of them by halves. */
function erasedUpTo(oracle: Oracle, indices: readonly number[]): Oracle[] {
  return indices.flatMap((index, erased) => {
    const rest = copy(oracle);
    for (const before of indices.slice(0, erased)) rest.erase(before);
    return [rest, ...halfErased(rest, index)];
  });
}

/** The parts of calls, as their documentation tells them. */
const BETWEEN: Readonly<Record<string, Between>> = {
  erase: (oracle, index: number) => halfErased(oracle, index),
  store: (oracle, index: number, entry: number) => (entry === 0 ? halfErased(oracle, index) : []),
  cmpxchg: (oracle, index: number, _: number, entry: number) => (entry === 0 ? halfErased(oracle, index) : []),
  eraseRange: (oracle, first: number, last: number) =>
    erasedUpTo(
      oracle,
      oracle.between(first, last).map(([index]) => index),
    ),
  fillRange: (oracle, first: number, last: number, entry: number) => {
    const part = copy(oracle);
    return filling(first, last).map((index) => {
      part.store(index, entry);
      return copy(part);
    });
  },
};

/** The indices of a range in the order in which they are filled: leaf by leaf, the last one of it first. */
function filling(first: number, last: number): number[] {
  const indices = Array.from({ length: Math.max(last - first + 1, 0) }, (_, i) => first + i);
  const isEnd = (index: number): boolean => index === last || index % 64 === 63;
  const leafOf = (index: number): number => Math.floor(index / 64);
  return indices.sort((a, b) => leafOf(a) - leafOf(b) || Number(isEnd(b)) - Number(isEnd(a)) || a - b);
}

function copy(oracle: Oracle): Oracle {
  return Object.setPrototypeOf(structuredClone(oracle), Oracle.prototype) as Oracle;
}

function array(name: Shape, alloc: (typeof KINDS)[number], lockFreeReads: boolean): ReturnType<MortalCases[string]> {
  const shape = SHAPES[name];
  const first = new SharedXArray({ alloc, capacity: shape.capacity });
  first.detach();
  const indices = shape.centres.flatMap((centre) =>
    Array.from({ length: 2 * shape.near }, (_, i) => Math.min(centre + i, MAX_INDEX)),
  );
  const clear: Operations[string] = { args: () => [], subject: (a) => a.clear(), oracle: (o) => o.clear() };
  const calls = Object.entries({ ...operations(shape, alloc !== undefined), clear } as Operations).filter(
    ([name]) => !LOOKS.has(name),
  );
  return mortalCase<SharedXArray, Oracle>({
    memory: first.handle,
    oracle: new Oracle(KINDS.indexOf(alloc) - 1),
    operations: Object.fromEntries(
      calls.map(([name, call]) => [name, { ...call, between: betweenOf(name, call, alloc) }]),
    ),
    attach: (owner) => SharedXArray.attach(first.handle, { owner, lockFreeReads, timeoutMs: 0 }),
    detach: (thread) => thread.detach(),
    bury: (thread, owner) => void thread.bury(owner),
    check: (thread, oracle) => {
      check(thread, oracle);
      // Reservations too.
      const copy = XArray.from(thread.snapshot());
      const taken = [...new Set([...indices, ...oracle.taken()])].filter((index) => copy.findAbsent(index, index) < 0);
      expectSame(taken.sort(), oracle.taken().sort(), 'what is taken');
    },
    end: (thread, oracle) => {
      for (const index of oracle.taken()) thread.erase(index);
      expectEmpty(thread);
      // As many nodes as there are: a leaf each, and the root.
      for (let leaf = 0; leaf < shape.capacity - 1; leaf++) thread.store(leaf * 64 + 1, 1);
      expectSame(thread.nodeCount, shape.capacity);
      thread.clear();
      expectEmpty(thread);
    },
  });
}

export const MORTALS: MortalCases = Object.fromEntries(
  KINDS.flatMap((alloc, i) =>
    Object.keys(SHAPES).map((shape, j) => {
      const lockFree = (i + j) % 2 === 0;
      const name = `SharedXArray, ${shape}, alloc ${alloc}${lockFree ? '' : ', all calls lock'}`;
      return [name, () => array(shape as Shape, alloc, lockFree)] as const;
    }),
  ),
);
