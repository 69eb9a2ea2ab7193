// What cores do to each structure that threads share, and what the words of its memory are called.
import type { Field, Region } from '@idspace/cache-sim';
import { SharedHashTable } from '@idspace/hash-table/shared';
import { LockTable, Mutex, ReadWriteLock, Roster, Semaphore } from '@idspace/lock';
import { SharedIdPool, SharedNextId } from '@idspace/next-id/shared';
import { SharedXArray } from '@idspace/xarray/shared';
import * as table from '../../../../packages/hash-table/src/shared/layout.ts';
import { WordTree } from '../../../../packages/next-id/src/shared/word-tree.ts';
import { CHUNK_SHIFT, META_SHIFT } from '../../../../packages/xarray/src/node-layout.ts';
import * as tree from '../../../../packages/xarray/src/shared/layout.ts';
import type { Workload } from './simulate.ts';

/** Entries that are there: a leaf for each of 64 cores; and those that all cores use. */
const ENTRIES = 4096;
const USED = 1024;
const NODES = 254;
const KEYS = 256;
const BUCKETS = 512;
const [LO, HI] = [0x00ea_9a00, 0xffff_8881];
/** IDs that each core holds where it takes and gives back. */
const HELD = 16;

type Below = (n: number) => number;

/** A region of words; fields are given by their first word, and are one word each. */
function region(
  name: string,
  first: number,
  words: number,
  fields: Record<string, number> = {},
  stride = words,
): Region {
  const named = Object.entries(fields).map(([field, at]): Field => ({ name: field, offset: at * 4, bytes: 4 }));
  return { name, start: first * 4, bytes: words * 4, stride: stride * 4, fields: named };
}

/** Words that are all of one kind. */
const plainWords = (words: number): SharedArrayBuffer => new SharedArrayBuffer(words * 4);

function filledArray(): SharedArrayBuffer {
  const array = new SharedXArray({ alloc: 'from0', capacity: NODES });
  for (let index = 0; index < ENTRIES; index++) array.store(index, index + 1);
  array.detach();
  return array.handle;
}

function treeRegions(memory: SharedArrayBuffer): Region[] {
  const { LOCK, COUNT, TURN, DAMAGED, FREE_HINT, ROSTER, OWNERS, SEATS, SEAT_SHIFT, SLOTS, ROOT, SEQUENCE, HEAD } =
    tree;
  const nodes = new Int32Array(memory)[tree.NODES];
  const writers = {
    LOCK: 0,
    COUNT: COUNT - LOCK,
    FREE_HINT: FREE_HINT - LOCK,
    TURN: TURN - LOCK,
    DAMAGED: DAMAGED - LOCK,
  };
  const anchor = { ROOT: ROOT - 64, SEQUENCE: SEQUENCE - 64, HEAD: HEAD - 64 };
  return [
    region('header', 0, LOCK),
    region('writers', LOCK, ROSTER - LOCK, writers),
    region('roster', ROSTER, OWNERS),
    region('seat', SEATS, OWNERS << SEAT_SHIFT, { BUSY: tree.BUSY, ENTRIES: tree.ENTRIES }, 1 << SEAT_SHIFT),
    region('null node', SLOTS, 64),
    region('anchor', SLOTS + 64, 64, anchor),
    region('slots', SLOTS + 128, (nodes << CHUNK_SHIFT) - 128),
    region('meta', SLOTS + (nodes << CHUNK_SHIFT), nodes << META_SHIFT, { LEAF_LOCK: tree.LEAF_LOCK }, 1 << META_SHIFT),
  ];
}

const array = (operation: (array: SharedXArray, below: Below, core: number) => () => unknown): Workload => ({
  make: filledArray,
  regions: treeRegions,
  attach: (memory, core, below) => operation(SharedXArray.attach(memory, { owner: core + 1 }), below, core),
});

/** Takes and gives back in turn, of some that it holds. */
function taking(take: () => number, giveBack: (id: number) => unknown, below: Below): () => unknown {
  const held = Array.from({ length: HELD }, take);
  return () => {
    const at = below(HELD);
    giveBack(held[at]!);
    held[at] = take();
  };
}

function filledTable(): SharedArrayBuffer {
  const made = new SharedHashTable({ buckets: BUCKETS, capacity: 2 * KEYS });
  for (let id = 0; id < KEYS; id++) made.insertNew(LO, HI, id, id + 1);
  made.detach();
  return made.handle;
}

function tableRegions(memory: SharedArrayBuffer): Region[] {
  const { POOL_LOCK, POOL, UNUSED, ROSTER, OWNERS, SEATS, SEAT_SHIFT, LOCKS, BUCKETS: FIRST, ENTRY_WORDS } = table;
  const { FREE_HEAD, FREE_COUNT, KEYS, ACQUIRED, CONTENDED } = table;
  const words = memory.byteLength / 4;
  const locks = FIRST + 2 * BUCKETS;
  const entries = table.entriesAt(Math.log2(BUCKETS), 2);
  return [
    region('header', 0, POOL_LOCK),
    region('pool', POOL_LOCK, ROSTER - POOL_LOCK, { LOCK: 0, POOL: POOL - POOL_LOCK, UNUSED: UNUSED - POOL_LOCK }),
    region('roster', ROSTER, OWNERS),
    region('seat', SEATS, OWNERS << SEAT_SHIFT, { FREE_HEAD, FREE_COUNT, KEYS, ACQUIRED, CONTENDED }, 1 << SEAT_SHIFT),
    region('stripe locks', LOCKS, FIRST - LOCKS),
    region('bucket', FIRST, 2 * BUCKETS, { SEQUENCE: table.SEQUENCE, HEAD: table.HEAD }, 2),
    region('bucket locks', locks, entries - locks),
    region('entries', entries, words - entries, {}, ENTRY_WORDS),
  ];
}

const hashed = (operation: (table: SharedHashTable, below: Below) => () => unknown): Workload => ({
  make: filledTable,
  regions: tableRegions,
  attach: (memory, core, below) => operation(SharedHashTable.attach(memory, { owner: core + 1 }), below),
});

const IDS = 2 ** 18;

/** A pool without a free ID but those that the cores hold, or an empty one; with a word of each thread, or without. */
const pool = (reuse: 'lowest' | 'cyclic', { isFull = false, owners = 0 } = {}): Workload => ({
  make(cores) {
    const made = new SharedIdPool({ max: IDS - 1, reuse, owners });
    // What is free lies anywhere: every 16th ID.
    if (isFull) for (let id = 0; id < IDS; id++) if (id % 16 !== 0 || id / 16 >= cores * HELD) made.reserve(id);
    return made.handle;
  },
  regions(memory) {
    const { header, sizes, bitmap, summaries, seats, signatures } = poolParts(owners);
    return [
      region('header', 0, header),
      region('CURSOR', header, sizes - header),
      region('SIZES', sizes, bitmap - sizes),
      region('bitmap', bitmap, summaries - bitmap),
      region('summaries', summaries, seats - summaries),
      ...(owners === 0
        ? []
        : [
            region('seats', seats, signatures - seats, {}, 16),
            region('owners', signatures, memory.byteLength / 4 - signatures),
          ]),
    ];
  },
  attach(memory, core, below) {
    const ids = SharedIdPool.attach(memory, owners === 0 ? {} : { owner: core + 1 });
    return taking(
      () => ids.allocate(),
      (id) => ids.free(id),
      below,
    );
  },
});

/** Where the parts of a pool begin, in words; those of a pool are not exported. */
function poolParts(
  owners: number,
): Record<'header' | 'sizes' | 'bitmap' | 'summaries' | 'seats' | 'signatures', number> {
  const sizes = 32;
  const bitmap = sizes + 16 * 64;
  const summaries = bitmap + IDS / 32;
  const seats = Math.ceil((bitmap + WordTree.lengthFor(IDS / 32)) / 16) * 16;
  return { header: 16, sizes, bitmap, summaries, seats, signatures: seats + 16 * owners };
}

function lockTable(isOwn: boolean): Workload {
  const SLOTS = 1024;
  return {
    make: () => plainWords(LockTable.wordsFor(SLOTS)),
    regions: () => [
      region('table', 0, 16, { GUARD: 0, MOVES: 3, HAND: 4 }),
      region('slot', 16, SLOTS * 8, { LOCK: 0, LO: 1, HI: 2, TAG: 3, NEXT: 4, LIFE: 5, HEAD: 6 }, 8),
    ],
    attach(memory, core, below) {
      const locks = new LockTable(new Int32Array(memory), 0, SLOTS, core + 1);
      return () => {
        const id = isOwn ? core : below(KEYS);
        locks.lock(LO, HI, id);
        locks.unlock(LO, HI, id);
      };
    },
  };
}

/** A lock that all cores take and give back. */
const oneLock = (
  words: number,
  names: Record<string, number>,
  make: (words: Int32Array, owner: number) => () => unknown,
): Workload => ({
  make: () => plainWords(words),
  regions: () => [region('lock', 0, words, names)],
  attach: (memory, core) => make(new Int32Array(memory), core + 1),
});

const SEATS = 64;

export const WORKLOADS: Readonly<Record<string, Workload>> = {
  'SharedXArray: load': array((it, below) => () => it.load(below(USED))),
  'SharedXArray: load, one of ten stores': array(
    (it, below) => () => (below(10) === 0 ? it.store(below(USED), 1) : it.load(below(USED))),
  ),
  'SharedXArray: store over an entry': array((it, below) => () => it.store(below(USED), 1)),
  'SharedXArray: store over an entry of a leaf of its own': array(
    (it, below, core) => () => it.store(core * 64 + below(64), 1),
  ),
  'SharedXArray: erase and alloc': array((it, below) =>
    taking(
      () => it.alloc(1),
      (id) => it.erase(id),
      below,
    ),
  ),
  'SharedHashTable: find': hashed((it, below) => () => it.find(LO, HI, below(KEYS))),
  'SharedHashTable: find, one of ten removes and inserts': hashed((it, below) => () => {
    const id = below(KEYS);
    if (below(10) > 0) return it.find(LO, HI, id);
    it.remove(LO, HI, id);
    return it.insert(LO, HI, id, 1);
  }),
  'SharedHashTable: remove and insert': hashed((it, below) => () => {
    const id = below(KEYS);
    it.remove(LO, HI, id);
    it.insert(LO, HI, id, 1);
  }),
  'SharedIdPool, lowest: free and allocate': pool('lowest'),
  'SharedIdPool, lowest, nearly full: free and allocate': pool('lowest', { isFull: true }),
  'SharedIdPool, lowest, with owners: free and allocate': pool('lowest', { owners: 64 }),
  'SharedIdPool, cyclic: free and allocate': pool('cyclic'),
  'SharedNextId: take': {
    make: () => new SharedNextId().handle,
    regions: () => [region('header', 0, 16), region('NEXT', 16, 16)],
    attach: (memory) => {
      const ids = SharedNextId.attach(memory);
      return () => ids.take();
    },
  },
  'Mutex: lock and unlock': oneLock(16, { LOCK: 0 }, (words, owner) => {
    const lock = new Mutex(words, 0, owner);
    return () => [lock.lock(), lock.unlock()];
  }),
  'ReadWriteLock: lock and unlock to read': oneLock(
    ReadWriteLock.wordsFor(SEATS),
    { GUARD: 0, TURN: 1, DAMAGED: 2, MARK: 3 },
    (words, owner) => {
      const lock = new ReadWriteLock(words, 0, SEATS, owner);
      return () => [lock.read.lock(), lock.read.unlock()];
    },
  ),
  'Semaphore of 64: lock and unlock': oneLock(
    Semaphore.wordsFor(SEATS),
    { GUARD: 0, TURN: 1, DAMAGED: 2, MARK: 3 },
    (words, owner) => {
      const semaphore = new Semaphore(words, 0, SEATS, owner, { permits: SEATS });
      return () => [semaphore.lock(), semaphore.unlock()];
    },
  ),
  'LockTable: lock and unlock a key': lockTable(false),
  'LockTable: lock and unlock a key of its own': lockTable(true),
  'Roster: alive': oneLock(SEATS, {}, (words, owner) => {
    const roster = new Roster(words, 0, SEATS);
    roster.join(owner);
    return () => roster.alive(1 + (owner % SEATS));
  }),
};
