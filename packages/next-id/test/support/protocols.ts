// SharedNextId and SharedIdPool between threads, for the explorer: the shipped code, called by two or three actors.
import { type BrokenProtocol, endAfter, type Protocol } from '@idspace/testkit/explore';
import { SharedIdPool, SharedNextId } from '../../src/shared/index.ts';
import { WordTree } from '../../src/shared/word-tree.ts';
import { BROKEN_OWNERS, OWNER_PROTOCOLS } from './owner-protocols.ts';

const INT_MAX = 2 ** 31 - 1;

/** As a Buffer: it reads and writes the memory itself, where other views would make an access of every byte. */
const bytes = (memory: SharedArrayBuffer): Buffer => Buffer.from(memory);

/** Threads that take an ID each. */
function taking(threads: number, next: number, max: number, expected: number[]): Protocol {
  const made = new SharedNextId(next, max);
  const take = (memory: SharedArrayBuffer): number => SharedNextId.attach(memory).take();
  return {
    bytes: made.handle.byteLength,
    words: { next: 16 },
    setup: (memory) => void bytes(memory).set(bytes(made.handle)),
    actors: Object.fromEntries(Array.from({ length: threads }, (_, i) => [`thread ${i + 1}`, take])),
    check: (memory, results) => {
      const got = (Object.values(results) as number[]).sort((a, b) => expected.indexOf(a) - expected.indexOf(b));
      if (String(got) !== String(expected)) throw new Error(`the IDs are ${got}, expected ${expected}`);
      const after = SharedNextId.attach(memory.slice(0)).next;
      const last = expected.at(-1)!;
      if (after !== (last === max ? 0 : last + 1)) throw new Error(`${after} is next after ${last}`);
    },
  };
}

interface Scene {
  reuse?: 'lowest' | 'cyclic';
  /** Highest ID. */
  max: number;
  /** IDs taken before the actors run. */
  taken: number[];
  /** What each thread does: allocates an ID, or frees one. */
  calls: (number | 'allocate')[][];
  /** Threads that ended before, each while it gave an ID of a full word back. */
  deaths?: number;
  mortal?: boolean;
  /** Whether so few IDs are free that `allocate` may find none. */
  scarce?: boolean;
  /** Takes the place of the tree over the bitmap: one that does not keep its promise. */
  tree?: new (
    words: Int32Array,
    start: number,
    length: number,
  ) => WordTree;
}

/** Where the bitmap begins, and where its header says how many IDs there are. */
const BITS = 48;
const MAX = 3;

/** Names of the words of a bitmap and of the summaries above it. */
function wordsOf(max: number): Record<string, number> {
  const words: Record<string, number> = {};
  let at = BITS;
  let length = Math.ceil((max + 1) / 32);
  for (const level of ['bits', 'summary', 'top']) {
    for (let i = 0; i < length; i++) words[`${level} ${i}`] = at++;
    length = Math.ceil(length / 8);
  }
  return words;
}

/** Throws if something is closed that is not full: a search would not look there. */
function closedIsFull(memory: SharedArrayBuffer): void {
  const words = new Int32Array(memory.slice(0));
  let length = Math.ceil((words[MAX] + 1) / 32);
  let full = (index: number): boolean => words[BITS + index] === -1;
  for (let start = BITS + length; ; start += length) {
    const [below, at] = [full, start];
    for (let child = 0; child < length; child++) {
      const closed = (words[at + (child >>> 3)] >>> (child & 7)) & 1;
      if (closed === 1 && !below(child)) throw new Error(`child ${child} is closed and not full`);
    }
    length = Math.ceil(length / 8);
    if (length === 1) return;
    full = (index) => (words[at + index] & 0xff) === 0xff;
  }
}

function pooling({ reuse = 'lowest', max, taken, calls, deaths = 0, ...scene }: Scene): Protocol {
  const { mortal = false, scarce = false, tree } = scene;
  const made = new SharedIdPool({ max, reuse });
  for (let id = 0; id <= Math.max(...taken, -1); id++) made.allocate();
  for (let i = 0; i < deaths; i++) endAmidFree(made.handle);
  for (let id = 0; id <= max; id++) if (!taken.includes(id)) made.free(id);
  const act = (list: Scene['calls'][number]) => (memory: SharedArrayBuffer) => {
    const pool = SharedIdPool.attach(memory);
    if (tree !== undefined)
      Object.assign(pool, { tree: new tree(new Int32Array(memory), BITS, Math.ceil((max + 1) / 32)) });
    return list.map((call) => (call === 'allocate' ? pool.allocate() : Number(pool.free(call))));
  };
  const names = calls.map((_, i) => `thread ${i + 1}`);
  return {
    bytes: made.handle.byteLength,
    words: wordsOf(max),
    setup: (memory) => void bytes(memory).set(bytes(made.handle)),
    actors: Object.fromEntries(calls.map((list, i) => [names[i]!, act(list)])),
    killed: mortal ? { [names[0]!]: () => {} } : {},
    invariant: closedIsFull,
    check: (memory, results) => {
      const held = new Set(taken);
      const answers = names.map((name) => results[name] as number[] | undefined);
      for (const call of calls.flat()) if (call !== 'allocate') held.delete(call);
      calls.forEach((list, i) => {
        list.forEach((call, n) => {
          const id = answers[i]?.[n];
          if (call !== 'allocate' || id === undefined) return;
          if (id < 0 && scarce) return;
          if (id < 0) throw new Error('allocate finds no ID');
          if (held.has(id)) throw new Error(`ID ${id} is with two`);
          held.add(id);
        });
      });
      const pool = SharedIdPool.attach(memory.slice(0));
      const free = Array.from({ length: max + 1 }, (_, id) => id).filter((id) => !pool.has(id));
      for (const id of held) if (free.includes(id)) throw new Error(`ID ${id} is free, and was not given back`);
      if (!mortal && free.length + held.size !== max + 1) {
        throw new Error(`${free.length} IDs are free, ${held.size} are held`);
      }
      if (!mortal && pool.size !== held.size) throw new Error(`the size is ${pool.size}, expected ${held.size}`);
      // Whatever happened, all that is free can be had, the lowest first.
      const got: number[] = [];
      for (let id = pool.allocate(); id >= 0; id = pool.allocate()) got.push(id);
      if (got.length !== free.length) throw new Error(`of the free IDs ${free}, ${got} can be had`);
      if (reuse === 'lowest' && String(got) !== String(free)) throw new Error(`${got} come instead of ${free}`);
    },
  };
}

/** Runs a thread that gives ID 0 back to a full word, and ends when it has said that it will. */
export function endAmidFree(memory: SharedArrayBuffer): void {
  endAfter(memory, 1, { attach: () => SharedIdPool.attach(memory), call: (pool) => pool.free(0) });
}

/** IDs 0…n − 1 but one. */
const allBut = (n: number, hole: number): number[] =>
  Array.from({ length: n }, (_, id) => id).filter((id) => id !== hole);

/** IDs 0…n − 1. */
const all = (n: number): number[] => Array.from({ length: n }, (_, id) => id);

/** IDs of nine words, which take two levels of summaries. */
const LARGE = 9 * 32;

const MANY_DEATHS: Scene = { max: 31, taken: allBut(32, 9), calls: [['allocate'], [3]], deaths: 255 };

const CLOSED_AGAIN: Scene = { max: LARGE - 1, taken: allBut(LARGE, 7), calls: [['allocate'], [3, 'allocate']] };

/** What holds, and is soon explored. */
export const PROTOCOLS: Record<string, Protocol> = {
  'three take the next ID': taking(3, 2, 9, [2, 3, 4]),
  'three take the next ID around the end of a short lap': taking(3, 3, 4, [3, 4, 0]),
  'three take the next ID around the end of the longest lap': taking(3, INT_MAX, INT_MAX, [INT_MAX, 0, 1]),
  'three allocate the lowest ID': pooling({ max: 3, taken: [0], calls: [['allocate'], ['allocate'], ['allocate']] }),
  'two allocate twice, cyclic': pooling({
    reuse: 'cyclic',
    max: 3,
    taken: [],
    calls: [
      ['allocate', 'allocate'],
      ['allocate', 'allocate'],
    ],
  }),
  'one frees in a full word while another allocates above it': pooling({
    max: 95,
    taken: allBut(32, 40),
    calls: [['allocate'], [3]],
  }),
  'one frees twice while another allocates twice': pooling({
    max: 95,
    taken: allBut(64, 5),
    calls: [
      ['allocate', 'allocate'],
      [40, 3],
    ],
  }),
  'two allocate, one may be killed': pooling({ max: 3, taken: [0], calls: [['allocate'], ['allocate']], mortal: true }),
  'one takes the last ID while another gives one back': pooling({
    max: 31,
    taken: allBut(32, 9),
    calls: [['allocate'], [3]],
  }),
  'one takes the last ID, and may be killed, while another gives one back': pooling({
    max: 31,
    taken: allBut(32, 9),
    calls: [['allocate'], [3]],
    mortal: true,
  }),
  'one takes the last ID while another gives one back, after as many deaths as are counted': pooling(MANY_DEATHS),
  'one gives back to a full pool of two levels, another takes': pooling({
    max: LARGE - 1,
    taken: all(LARGE),
    calls: [[3], ['allocate']],
    scarce: true,
  }),
  'one gives back to a full pool of two levels, and may be killed, another takes': pooling({
    max: LARGE - 1,
    taken: all(LARGE),
    calls: [[3], ['allocate']],
    scarce: true,
    mortal: true,
  }),
  'two give back to a full pool of two levels, in one word': pooling({
    max: LARGE - 1,
    taken: all(LARGE),
    calls: [[3], [5]],
  }),
  'two give back to a full pool of two levels, in two words, and one may be killed': pooling({
    max: LARGE - 1,
    taken: all(LARGE),
    calls: [[3], [40]],
    mortal: true,
  }),
  'one fills a pool of two levels while another gives back': pooling({
    max: LARGE - 1,
    taken: allBut(LARGE, 7),
    calls: [['allocate'], [280]],
  }),
  'one fills a pool of two levels, and may be killed, while another gives back': pooling({
    max: LARGE - 1,
    taken: allBut(LARGE, 7),
    calls: [['allocate'], [280]],
    mortal: true,
  }),
  'one takes the last ID of two levels while another gives one back and takes it again': pooling(CLOSED_AGAIN),
};

/** Explored by `pnpm explore` only: minutes. */
export const LARGE_PROTOCOLS: Record<string, Protocol> = {
  ...OWNER_PROTOCOLS,
  'two take the last IDs of a pool while a third gives one back, and one may be killed': pooling({
    max: 31,
    taken: allBut(32, 9).filter((id) => id !== 20),
    calls: [['allocate'], ['allocate'], [3]],
    mortal: true,
  }),
  'two give back to a full pool while a third takes, and one may be killed': pooling({
    max: 63,
    taken: all(64),
    calls: [[3], [40], ['allocate']],
    scarce: true,
    mortal: true,
  }),
};

/** Clears the bit, then opens: a thread that closes meanwhile may come between, and one that dies leaves it at that. */
class OpensAfterwards extends WordTree {
  override clearInFull(word: number, mask: number): number {
    const { words, starts } = this as unknown as { words: Int32Array; starts: number[] };
    const before = Atomics.and(words, starts[0] + word, ~mask);
    Atomics.and(words, starts[1] + (word >>> 3), ~(1 << (word & 7)));
    return before;
  }
}

/** Closes what it has seen full, whatever has happened since. */
class ClosesBlindly extends WordTree {
  override close(child: number): void {
    const { words, starts } = this as unknown as { words: Int32Array; starts: number[] };
    if (Atomics.load(words, starts[0] + child) !== -1) return;
    Atomics.or(words, starts[1] + (child >>> 3), 1 << (child & 7));
  }
}

/** Takes back what it closed of what is not full any more, though the summary above may be closed by now. */
class TakesBackAlone extends WordTree {
  protected override closeOne(child: number, level: number): boolean {
    const { words, starts } = this as unknown as { words: Int32Array; starts: number[] };
    const at = starts[level] + (child >>> 3);
    const bit = 1 << (child & 7);
    const isClosed = (Atomics.load(words, at) & bit) !== 0;
    const isFull = super.closeOne(child, level);
    if (!isFull && !isClosed) Atomics.and(words, at, ~bit);
    return isFull;
  }
}

/** Adds pins as if there were room for any number: those of 255 dead threads and a living one look like none. */
class PinsWrap extends WordTree {
  protected override add(at: number, change: number): number {
    return Atomics.add((this as unknown as { words: Int32Array }).words, at, change);
  }
}

/** What must be found out. */
export const BROKEN: Record<string, BrokenProtocol> = {
  'a bit that is cleared before its word is open': {
    protocol: pooling({ max: 31, taken: allBut(32, 9), calls: [['allocate'], [3]], tree: OpensAfterwards }),
    message: 'is closed and not full',
  },
  'pins that wrap': {
    protocol: pooling({ ...MANY_DEATHS, tree: PinsWrap }),
    message: 'is closed and not full',
  },
  'a word that is closed without a look at who came between': {
    protocol: pooling({ max: 31, taken: allBut(32, 9), calls: [['allocate'], [3]], tree: ClosesBlindly }),
    message: 'is closed and not full',
  },
  'a tree that takes back what it closed, and nothing above': {
    protocol: pooling({ ...CLOSED_AGAIN, tree: TakesBackAlone }),
    message: 'is closed and not full',
  },
  ...BROKEN_OWNERS,
};
