// The protocols of the shared table, and wrong ones, for the explorer: the shipped code, called by two or three actors.
import { SharedHashTable, SharedHashTableError } from '@idspace/hash-table/shared';
import type { Protocol } from '@idspace/testkit/explore';
import { walk } from '../../src/shared/chain.ts';
import {
  BUCKETS,
  HANDLE,
  HEAD,
  HI,
  ID,
  LO,
  NEXT,
  NO_ENTRY,
  POOL,
  POOL_LOCK,
  ROSTER,
  SEQUENCE,
} from '../../src/shared/layout.ts';
import { full } from '../../src/shared/shared-hash-table-error.ts';

/** What a table is inside, for those who break it. */
interface Insides {
  words: Int32Array;
  counts: Float64Array;
  lookUp(number: number, lo: number, hi: number, id: number): number;
  replace(lo: number, hi: number, id: number, handle: number): number;
  pool: { fetch(): boolean };
  lockAll<T>(task: () => T): T;
  gather(): void;
  addLast(number: number, lo: number, hi: number, id: number, handle: number): boolean;
}

/** What a death looks like on the roster. */
const DEAD = 2;

interface Scene {
  capacity: number;
  /** What is done before any actor runs; `actors` are the tables of the actors, in their order. */
  before(actors: SharedHashTable[]): void;
  actors: Record<string, (table: SharedHashTable) => unknown>;
  killed?: string;
  /** Makes a table a broken one. */
  breaks?(inside: Insides): void;
  check(table: SharedHashTable, results: Readonly<Record<string, unknown>>): void;
}

/** More accesses than any schedule takes: what goes on after them has no end. */
const MOST_STEPS = 1000;

/** Owner of the first actor; owner 1 looks at what they have done. */
const FIRST = 2;

/** Plays a scene on a table of one bucket, where all keys meet. */
function playing({ capacity, before, actors, killed, breaks, check }: Scene): Protocol {
  const model = new SharedHashTable({ buckets: 1, capacity });
  const names = Object.keys(actors);
  let tables: SharedHashTable[] = [];
  return {
    bytes: model.byteLength,
    words: {
      sequence: BUCKETS + SEQUENCE,
      head: BUCKETS + HEAD,
      lock: BUCKETS + 2,
      pool: POOL,
      'pool lock': POOL_LOCK,
    },
    setup: (memory) => {
      new Int32Array(memory).set(new Int32Array(model.handle));
      // A table object holds nothing that changes: attached once, it does for every run of its actor.
      tables = names.map((_, i) => SharedHashTable.attach(memory, { owner: FIRST + i }));
      for (const table of tables) {
        const inside = table as unknown as Insides;
        // How often locks were taken is nothing that any thread acts upon.
        inside.counts = new Float64Array(inside.counts.length);
        breaks?.(inside);
      }
      before(tables);
    },
    actors: Object.fromEntries(names.map((name, i) => [name, () => actors[name](tables[i])])),
    ...(killed !== undefined && {
      killed: {
        [killed]: (memory: SharedArrayBuffer) => {
          new Int32Array(memory)[ROSTER + FIRST + names.indexOf(killed) - 1] = DEAD;
        },
      },
    }),
    maxSteps: MOST_STEPS,
    check: (memory, results) => {
      const table = new SharedHashTable({}, memory);
      if (killed !== undefined && !(killed in results)) table.bury(FIRST + names.indexOf(killed));
      check(table, results);
      allIsThere(table);
    },
  };
}

const insert = (table: SharedHashTable, id: number, handle: number): boolean => table.insert(0, 0, id, handle);
const remove = (table: SharedHashTable, id: number): number => table.remove(0, 0, id);
const replace = (table: SharedHashTable, id: number, handle: number): number => table.replace(0, 0, id, handle);
const find = (table: SharedHashTable, id: number): number => table.find(0, 0, id);

function expectOneOf(what: string, got: unknown, ...expected: unknown[]): void {
  const texts = expected.map((value) => JSON.stringify(value));
  if (!texts.includes(JSON.stringify(got)))
    throw new Error(`${what}: ${JSON.stringify(got)}, expected ${texts.join(' or ')}`);
}

/** The size is the number of keys, and there is room for all others up to the capacity. */
function allIsThere(table: SharedHashTable): void {
  let keys = 0;
  table.forEach(() => {
    keys++;
  });
  expectOneOf('size', table.size, keys);
  while (roomFor(table, 1000 + keys)) keys++;
  expectOneOf('room', keys, table.capacity);
}

function roomFor(table: SharedHashTable, id: number, handle = 1): boolean {
  try {
    return insert(table, id, handle);
  } catch (error) {
    if (error instanceof SharedHashTableError && error.code === 'full') return false;
    throw error;
  }
}

/** Adds a key, or says that there is no room for it. */
function insertIfRoom(table: SharedHashTable, id: number): true | 'full' {
  return roomFor(table, id, 11) || 'full';
}

/** Gives the first two free entries of their own. */
function withRoom(tables: SharedHashTable[]): void {
  for (const table of tables.slice(0, 2)) {
    insert(table, 9, 1);
    remove(table, 9);
  }
}

/** The entry a reader is at is taken out, and is another key's when the reader goes on. */
const reuse = (breaks?: Scene['breaks']): Protocol =>
  playing({
    capacity: 2,
    before: ([writer]) => insert(writer, 1, 11),
    actors: {
      writer: (table) => [remove(table, 1), insert(table, 2, 22)],
      // The other way round than the writer: what is new is seen only after what is old is gone.
      reader: (table) => [find(table, 2), find(table, 1)],
    },
    check: (_, { writer, reader }) => {
      expectOneOf('written', writer, [11, true]);
      expectOneOf('read', reader, [0, 11], [0, 0], [22, 0]);
    },
    ...(breaks && { breaks }),
  });

/** A reader passes an entry that is taken out: what stands in it from then on leads elsewhere. */
const passing: Protocol = playing({
  capacity: 3,
  before: ([writer]) => {
    insert(writer, 2, 22);
    insert(writer, 1, 11);
  },
  actors: {
    writer: (table) => remove(table, 1),
    reader: (table) => find(table, 2),
  },
  check: (_, results) => expectOneOf('removed and read', [results.writer, results.reader], [11, 22]),
});

/** A key's handle is replaced while the key is taken out, and its entry becomes another key's. */
const replacing = (breaks?: Scene['breaks']): Protocol =>
  playing({
    capacity: 2,
    before: ([writer]) => insert(writer, 1, 11),
    actors: {
      writer: (table) => [remove(table, 1), insert(table, 2, 22)],
      replacer: (table) => replace(table, 1, 12),
    },
    check: (table, { writer, replacer }) => {
      expectOneOf('replaced and written', [replacer, writer], [11, [12, true]], [0, [11, true]]);
      expectOneOf('left', [find(table, 1), find(table, 2)], [0, 22]);
    },
    ...(breaks && { breaks }),
  });

/** Two give a key another handle if it has the first: one succeeds. */
const comparing = (breaks?: Scene['breaks']): Protocol =>
  playing({
    capacity: 2,
    before: ([one]) => insert(one, 1, 11),
    actors: {
      one: (table) => table.compareExchange(0, 0, 1, 11, 12),
      other: (table) => table.compareExchange(0, 0, 1, 11, 13),
    },
    check: (table, { one, other }) => {
      expectOneOf('answers and handle', [one, other, find(table, 1)], [11, 12, 12], [13, 11, 13]);
    },
    ...(breaks && { breaks }),
  });

/** A handle is replaced twice, and looked up twice meanwhile: what is seen comes in order. */
const replaced: Protocol = playing({
  capacity: 2,
  before: ([writer]) => insert(writer, 1, 11),
  actors: {
    writer: (table) => [replace(table, 1, 12), replace(table, 1, 13)],
    reader: (table) => [find(table, 1), find(table, 1)],
  },
  check: (table, { writer, reader }) => {
    expectOneOf('written', writer, [11, 12]);
    const inOrder = [11, 12, 13].flatMap((one, i, all) => all.slice(i).map((two) => [one, two]));
    expectOneOf('read', reader, ...inOrder);
    expectOneOf('left', find(table, 1), 13);
  },
});

/** Key 1 goes and comes back with another handle, while a third looks twice. */
const oneKey: Protocol = playing({
  capacity: 33,
  before: (tables) => {
    withRoom(tables);
    insert(tables[0], 1, 10);
  },
  actors: {
    adder: (table) => insert(table, 1, 11),
    remover: (table) => remove(table, 1),
    reader: (table) => [find(table, 1), find(table, 1)],
  },
  check: (table, { adder, remover, reader }) => {
    expectOneOf('removed', remover, 10);
    expectOneOf('left', find(table, 1), adder === true ? 11 : 0);
    const seen = [10, 0, ...(adder === true ? [11] : [])];
    const inOrder = seen.flatMap((one, i) => seen.slice(i).map((two) => [one, two]));
    expectOneOf('read', reader, ...inOrder);
  },
});

const twoAdders: Protocol = playing({
  capacity: 33,
  before: withRoom,
  actors: { one: (table) => insert(table, 1, 11), two: (table) => insert(table, 1, 12) },
  check: (table, { one, two }) => {
    expectOneOf('added', [one, two, find(table, 1)], [true, false, 11], [false, true, 12]);
  },
});

/** A thread is killed anywhere between two of its accesses; another works on. */
const dying = (last: (table: SharedHashTable) => unknown): Protocol =>
  playing({
    capacity: 33,
    before: (tables) => {
      withRoom(tables);
      insert(tables[0], 1, 11);
    },
    actors: { victim: last, other: (table) => insert(table, 3, 33) },
    killed: 'victim',
    check: (table, { other }) => {
      expectOneOf('added', [other, find(table, 3)], [true, 33]);
      expectOneOf('left', [find(table, 1), find(table, 2)], [11, 0], [0, 0], [11, 22], [12, 0]);
    },
  });

/** What holds, and is soon explored. */
export const PROTOCOLS: Record<string, Protocol> = {
  'lookup by sequence, the entry removed and used again, 2 actors': reuse(),
  'lookup past an entry that is removed': passing,
  'two that add the same key': twoAdders,
  'one that removes and may be killed, one that adds': dying((table) => remove(table, 1)),
  'one that adds and may be killed, another that adds': dying((table) => insert(table, 2, 22)),
  'one that adds what is new and may be killed': dying((table) => table.insertNew(0, 0, 2, 22)),
  'one that replaces and may be killed': dying((table) => replace(table, 1, 12)),
  'a handle replaced while its entry is removed and used again': replacing(),
  'a handle replaced and looked up': replaced,
  'two that compare and exchange': comparing(),
};

/** One thread takes the last free entry, and may be killed; another gives one back, or a third takes it. */
const lastEntry = (actors: Scene['actors'], breaks?: Scene['breaks']): Protocol =>
  playing({
    capacity: 2,
    before: ([, other]) => insert(other, 1, 11),
    actors: { victim: (table) => insertIfRoom(table, 2), ...actors },
    killed: 'victim',
    check: (table, { giver, taker }) => {
      expectOneOf('given back', giver, 11, undefined);
      expectOneOf('taken', taker, true, 'full', undefined);
      expectOneOf('left', find(table, 1), giver === undefined ? 11 : 0);
      expectOneOf('found', find(table, 3), taker === true ? 11 : 0);
    },
    ...(breaks && { breaks }),
  });

/** Two want it. */
const twoForLast = (breaks?: Scene['breaks']): Protocol =>
  lastEntry({ taker: (table) => insertIfRoom(table, 3) }, breaks);

/** What takes minutes to the end: the tests play some schedules of it. */
export const SAMPLED_PROTOCOLS: Record<string, Protocol> = {
  'one that takes the last free entry and may be killed, one that gives one back': lastEntry({
    giver: (table) => remove(table, 1),
  }),
  'two that want the last free entry, one of which may be killed': twoForLast(),
  'two that want the last free entry, one of which may be killed, while a third gives one back': lastEntry({
    giver: (table) => remove(table, 1),
    taker: (table) => insertIfRoom(table, 3),
  }),
};

/** What holds, and takes longer: docs/exploring.md tells of each. */
export const LARGE_PROTOCOLS: Record<string, Protocol> = {
  ...SAMPLED_PROTOCOLS,
  'one key added, removed and looked up, 3 actors': oneKey,
  'one that takes out what it refuses and may be killed': dying((table) => table.retain((_lo, _hi, id) => id !== 1)),
};

/** Looks a key up and does not read the sequence again. */
function lookOnce(inside: Insides): void {
  inside.lookUp = (_number, lo, hi, id) => {
    const { words } = inside;
    let entry = words[BUCKETS + HEAD];
    while (entry !== NO_ENTRY && (words[entry + LO] !== lo || words[entry + HI] !== hi || words[entry + ID] !== id)) {
      entry = words[entry + NEXT];
    }
    return entry === NO_ENTRY ? 0 : words[entry + HANDLE];
  };
}

/** Replaces a handle in the entry that it finds, with no lock. */
function replaceUnlocked(inside: Insides): void {
  inside.replace = (_lo, _hi, id, handle) => {
    const { words } = inside;
    let entry = words[BUCKETS + HEAD];
    while (entry !== NO_ENTRY && words[entry + ID] !== id) entry = words[entry + NEXT];
    if (entry === NO_ENTRY) return 0;
    const old = words[entry + HANDLE];
    words[entry + HANDLE] = handle;
    return old;
  };
}

/** Looks, and then replaces. */
function compareUnlocked(inside: Insides): void {
  const table = inside as unknown as SharedHashTable;
  table.compareExchange = (lo, hi, id, expected, handle) => {
    const seen = table.find(lo, hi, id);
    if (seen === expected) table.replace(lo, hi, id, handle);
    return seen;
  };
}

/** Gets the free entries of others under all locks, and adds the key only after it has given them back. */
function fetchThenAdd(inside: Insides): void {
  inside.addLast = (_number, lo, hi, id, handle) => {
    const room = inside.lockAll(() => {
      inside.gather();
      return inside.pool.fetch();
    });
    if (!room) throw full(2);
    return (inside as unknown as SharedHashTable).insert(lo, hi, id, handle);
  };
}

/** Looks a key up by plain reads between two reads of the sequence that are in order. */
function readPlainly(inside: Insides): void {
  const { words } = inside;
  inside.lookUp = (_number, lo, hi, id) => {
    for (;;) {
      const sequence = Atomics.load(words, BUCKETS + SEQUENCE);
      const entry = walk(words, words[BUCKETS + HEAD], lo, hi, id, 2);
      const handle = entry > NO_ENTRY ? words[entry + HANDLE] : 0;
      if (Atomics.load(words, BUCKETS + SEQUENCE) === sequence) return handle;
    }
  };
}

/** What does not hold, and what the explorer must say of it. */
export const BROKEN: Record<string, { protocol: Protocol; message: string }> = {
  'a lookup that does not read the sequence again': { protocol: reuse(lookOnce), message: 'read: [0,22], expected' },
  'a comparison without the lock': { protocol: comparing(compareUnlocked), message: 'answers and handle: [11,11,' },
  'a replacement without the lock': {
    protocol: replacing(replaceUnlocked),
    message: 'replaced and written: [',
  },
  'two that take the last free entry from each other': {
    // Those that come to an end take up to 320 steps.
    protocol: { ...twoForLast(fetchThenAdd), maxSteps: 600 },
    message: 'no end after 600 steps',
  },
};

/** What does not hold on weak memory, wherever its writers keep the order. */
export const WEAKLY_BROKEN: Record<string, { protocol: Protocol; message: string }> = {
  'a lookup whose reads between those of the sequence are plain': {
    protocol: reuse(readPlainly),
    message: 'read: [0,22], expected',
  },
};
