// What the pictures show of a session, read from the packages' own structures.
import type { Access } from '@idspace/evaluation/calls';
import type { HashTable } from '@idspace/hash-table';
import { DESIGN } from '@idspace/posix-timers';
import type { XArray } from '@idspace/xarray';
import { type Machine, PROCESS } from './machine.ts';
import type { Session } from './session.ts';

/** IDs of the process. */
export interface IdsView {
  /** Of live timers, ascending. */
  readonly live: Int32Array;
  /** Where the search for the next ID begins; −1 in designs that take the lowest free one. */
  readonly cursor: number;
  /** The end of the IDs that have been passed: holes are below it. */
  readonly end: number;
  /** Free IDs below `end`. */
  readonly holes: number;
  /** Whether a hole is handed out again, or not before all other IDs were. */
  readonly refillable: boolean;
  /** IDs to restore that are not live: ascending, at most 1,000. */
  readonly wanted: readonly number[];
}

/** The last view of each session. */
const made = new WeakMap<Session, { changes: number; operations: number; view: IdsView }>();

/** Returns the IDs; the same object as long as nothing has changed. Cost: a sort of the live ones. */
export function idsOf(session: Session): IdsView {
  const { changes } = session;
  const operations = session.operations.length;
  const last = made.get(session);
  if (last?.changes === changes && last.operations === operations) return last.view;
  const view = freshIdsOf(session);
  made.set(session, { changes, operations, view });
  return view;
}

function freshIdsOf({ machine, wanted }: Session): IdsView {
  const live = machine.live.sorted();
  const cursor = machine.process.nextId;
  const refillable = DESIGN[machine.design].reuse !== 'never';
  // The cursor of a cursor-sysctl kernel is where one create begins, not what has been passed.
  const passed = refillable ? 0 : cursor;
  const end = refillable ? (live.at(-1) ?? -1) + 1 : passed;
  let below = live.length;
  while (below > 0 && live[below - 1] >= end) below--;
  const missing = wanted
    .flatMap(({ first, count, step }) =>
      Array.from({ length: Math.min(count, MAX_WANTED) }, (_, i) => first + i * step),
    )
    .filter((id) => live[lowerBound(live, id)] !== id);
  const ascending = [...new Set(missing)].sort((a, b) => a - b).slice(0, MAX_WANTED);
  return { live, cursor, end, holes: end - below, refillable, wanted: ascending };
}

/** Wanted IDs that are shown at most. */
const MAX_WANTED = 1000;

/** Returns the first place of ascending numbers whose number is not below a value; their count where there is none. */
export function lowerBound(sorted: Int32Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Splits ascending IDs into runs of neighbours: first and last of each, one after the other. */
export function spansOf(ids: Int32Array): Int32Array {
  const spans = new Int32Array(2 * ids.length);
  let n = 0;
  for (let i = 0; i < ids.length; i++) {
    if (i > 0 && ids[i] === ids[i - 1] + 1) spans[n - 1] = ids[i];
    else {
      spans[n++] = ids[i];
      spans[n++] = ids[i];
    }
  }
  return spans.slice(0, n);
}

/** The hash table. */
export interface BucketsView {
  /** Timers of each bucket. */
  readonly lengths: Uint32Array;
  readonly longest: number;
  /** One lock for the table or one for each bucket. */
  readonly locking: 'global' | 'bucket';
}

/** Words of a HashTable that its chains are read from. */
interface Chains {
  readonly heads: Int32Array;
  readonly next: Int32Array;
  readonly ids: Int32Array;
}

/** Returns the buckets; undefined where the design has none. Cost: a walk of all chains. */
export function bucketsOf(machine: Machine): BucketsView | undefined {
  const hash = hashOf(machine);
  if (hash === undefined) return undefined;
  const lengths = hash.chainLengths();
  return { lengths, longest: lengths.reduce((a, b) => Math.max(a, b), 0), locking: hash.locking };
}

/** Returns the IDs in a bucket's chain, first to last, at most `limit`. */
export function chainOf(machine: Machine, bucket: number, limit = 1000): number[] {
  const { heads, next, ids } = hashOf(machine) as unknown as Chains;
  const chain: number[] = [];
  for (let entry = heads[bucket]; entry !== 0 && chain.length < limit; entry = next[entry]) chain.push(ids[entry]);
  return chain;
}

function hashOf(machine: Machine): HashTable | undefined {
  return machine.table.parts().hash as HashTable | undefined;
}

/** A node of the radix tree. */
export interface NodeView {
  /** 0 for leaves. */
  readonly level: number;
  /** The lowest index below it. */
  readonly first: number;
  /** Indices that one of its 64 slots stands for. */
  readonly perSlot: number;
  /** Slots in use: bit n of the two words, low half first. */
  readonly used: readonly [number, number];
  /** Slots below which no index is free: the kernel's free mark is the opposite. */
  readonly full: readonly [number, number];
}

/** The radix tree. */
export interface TreeView {
  readonly height: number;
  /** Nodes in use. */
  readonly nodes: number;
  /** From the root down, each level from left to right; at most MAX_NODES. */
  readonly shown: readonly NodeView[];
}

/** Nodes that a view has at most. */
export const MAX_NODES = 4096;

/** Where an XArray has what; the numbers are those of its node-layout.ts. */
const CHUNK_SHIFT = 6;
const META_SHIFT = 4;
const ANCHOR = 1;
const PRESENT = 0;
const FULL = 2;

/** Returns the tree of the process or of the system; undefined where the design has none. Cost: that of the nodes shown. */
export function treeOf(machine: Machine): TreeView | undefined {
  const parts = machine.table.parts();
  const tree = (parts[`xarray/${PROCESS}`] ?? parts.idr) as XArray | undefined;
  if (tree === undefined) return undefined;
  const { slots, meta } = tree as unknown as { slots: Int32Array; meta: Int32Array };
  const shown: NodeView[] = [];
  let row: { node: number; first: number }[] =
    tree.height === 0 ? [] : [{ node: slots[ANCHOR << CHUNK_SHIFT], first: 0 }];
  for (let level = tree.height - 1; level >= 0; level--) {
    const perSlot = 64 ** level;
    const below: { node: number; first: number }[] = [];
    for (const { node, first } of row) {
      if (shown.length === MAX_NODES) break;
      const word = (at: number): number => meta[(node << META_SHIFT) | at];
      const used = [word(PRESENT), word(PRESENT + 1)] as const;
      shown.push({ level, first, perSlot, used, full: level === 0 ? used : [word(FULL), word(FULL + 1)] });
      if (level === 0) continue;
      for (let slot = 0; slot < 64; slot++) {
        if (hasBit(used, slot))
          below.push({ node: slots[(node << CHUNK_SHIFT) | slot], first: first + slot * perSlot });
      }
    }
    row = below;
  }
  return { height: tree.height, nodes: tree.nodeCount, shown };
}

/** Whether bit `at`, 0…63, is set. */
export function hasBit(words: readonly [number, number], at: number): boolean {
  return ((words[at >> 5] >>> (at & 31)) & 1) === 1;
}

/** The first data cache. */
export interface CacheView {
  readonly sets: number;
  readonly ways: number;
  /** Bytes of a line. */
  readonly line: number;
  /** Names of what serves an access, by level: the caches, then memory. */
  readonly levels: readonly string[];
  /** Float64Array, shape [sets × ways]: line numbers, −1 where there is none. */
  readonly lines: Float64Array;
  /** Lines that the last call touched, with the slowest level that served one of the accesses shown. */
  readonly touched: ReadonlyMap<number, number>;
}

/** Returns the first cache after the last call. Cost: a copy of its lines. */
export function cacheOf(session: Session): CacheView {
  const { machine, call, access } = session;
  const { levels } = machine.meter.hardware;
  const [{ size, ways, line }] = levels;
  const touched = linesOf(call?.accesses.slice(0, access) ?? [], line);
  return {
    sets: size / ways / line,
    ways,
    line,
    levels: [...levels.map(({ name }) => name), 'memory'],
    lines: machine.meter.lines(),
    touched,
  };
}

/** The lines of accesses, each with the slowest level that served one of them, in the order in which they were first touched. */
export function linesOf(accesses: readonly Access[], lineBytes: number): Map<number, number> {
  const touched = new Map<number, number>();
  for (const { address, bytes, level } of accesses) {
    const last = Math.floor((address + bytes - 1) / lineBytes);
    for (let line = Math.floor(address / lineBytes); line <= last; line++) {
      touched.set(line, Math.max(level, touched.get(line) ?? 0));
    }
  }
  return touched;
}

/** A lock, or a row of equal ones. */
export interface LockView {
  /** As the kernel has it: 'hash_lock'. */
  readonly name: string;
  /** How often it was taken since the beginning, by the package's own count. */
  readonly taken: number;
  /** What it guards, in words. */
  readonly guards: string;
}

/** Returns the locks of the design. */
export function locksOf(machine: Machine): LockView[] {
  const parts = machine.table.parts() as Record<
    string,
    { acquired?: number; locks?: { acquired: number }; lock?: Uint32Array }
  >;
  const hash = hashOf(machine);
  let words = 0;
  for (const word of machine.table.timers.lock) words += word;
  const all: (LockView | undefined)[] = [
    hash && {
      name: hash.locking === 'global' ? 'hash_lock' : 'bucket locks',
      taken: hash.locks.acquired,
      guards: hash.locking === 'global' ? 'the whole table, of all processes' : 'one bucket each',
    },
    parts.xaLock && { name: 'xa_lock', taken: parts.xaLock.acquired!, guards: 'the tree of the process' },
    parts.idrLock && { name: 'idr_lock', taken: parts.idrLock.acquired!, guards: 'the tree of all processes' },
    { name: 'siglock', taken: parts.siglock.acquired!, guards: 'the signals and timers of the process' },
    { name: 'it_lock', taken: words / 2, guards: 'one timer each' },
  ];
  return all.filter((lock) => lock !== undefined);
}

/** Returns the bucket that the last call was about; null where it was about none. */
export function bucketOfCall({ machine, call }: Session): number | null {
  if (call === null || !call.name.startsWith('timer')) return null;
  const id = call.name === 'timer_create' ? call.result : call.argument;
  return id < 0 ? null : bucketOfId(machine, id);
}

/** Returns the bucket of an ID, 0…2³¹−1; null in designs that have none, and before the first call. */
export function bucketOfId(machine: Machine, id: number): number | null {
  const hash = hashOf(machine) as unknown as KeyedChains | undefined;
  // Entry 1 was the first that was ever used: it has the words of the process, whether or not it is in use now.
  return hash === undefined || hash.ownerHi[1] === 0 ? null : hash.bucketOf(hash.ownerLo[1], hash.ownerHi[1], id);
}

interface KeyedChains {
  readonly ownerLo: Int32Array;
  readonly ownerHi: Int32Array;
  bucketOf(ownerLo: number, ownerHi: number, id: number): number;
}
