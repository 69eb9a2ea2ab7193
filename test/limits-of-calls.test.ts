// Limits that one call reaches: what is at the limit is taken, and one more is refused by a RangeError that names the limit.
// docs/limits.md names these rows. A call that would take much memory at its limit has no `fits`.
import { expect, test } from 'vitest';
import * as cacheSim from '../packages/cache-sim/src/index.ts';
import * as evaluation from '../packages/evaluation/src/index.ts';
import * as hashTable from '../packages/hash-table/src/index.ts';
import { SharedHashTable } from '../packages/hash-table/src/shared/index.ts';
import * as kernelIds from '../packages/kernel-ids/src/index.ts';
import * as locks from '../packages/lock/src/index.ts';
import { instrument } from '../packages/mem-trace/src/instrument.ts';
import * as nextId from '../packages/next-id/src/index.ts';
import { SharedIdPool, SharedNextId } from '../packages/next-id/src/shared/index.ts';
import { createTimerTable, Kernel } from '../packages/posix-timers/src/index.ts';
import * as planner from '../packages/restore-planner/src/index.ts';
import * as xarray from '../packages/xarray/src/index.ts';
import { SharedXArray } from '../packages/xarray/src/shared/index.ts';
import { SparseXArray } from '../packages/xarray/src/sparse/index.ts';

interface Limit {
  name: string;
  fits?: () => unknown;
  over: () => unknown;
  says: RegExp;
}

const INT_MAX = 2 ** 31 - 1;
const U32_MAX = 2 ** 32 - 1;
const level = (more: object = {}): cacheSim.Level => ({ name: 'L1', size: 64, ways: 1, line: 64, ...more });
const simulation = (more: object, of: object = {}): cacheSim.CacheSim =>
  new cacheSim.CacheSim({ levels: [level(of)], ...more });
const tlb = (more: object): cacheSim.CacheSim =>
  simulation({ tlb: { page: 4096, data: { entries: 16, ways: 4 }, ...more } });
const shared = (words: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * words));
const grid = (more: object): unknown => evaluation.checkGrid({ ...evaluation.DEFAULT_GRID, ...more });
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
const plan = (target: object): unknown =>
  planner.planRestore(
    { source: '', format: 'criu-v1.1', processes: [] },
    { kernel: '6.18', criu: '4.2', target: target as planner.Target },
  );

const LIMITS: readonly Limit[] = [
  // cache-sim
  {
    name: 'cache-sim: levels',
    fits: () => new cacheSim.CacheSim({ levels: Array(8).fill(level()) }),
    over: () => new cacheSim.CacheSim({ levels: Array(9).fill(level()) }),
    says: /levels: got 9 levels, expected 1…8/,
  },
  {
    name: 'cache-sim: cores',
    fits: () => new cacheSim.CacheSim({ levels: [level(), level({ name: 'LL' })], cores: 1024 }),
    over: () => new cacheSim.CacheSim({ levels: [level(), level({ name: 'LL' })], cores: 1025 }),
    says: /cores: got 1025, expected 1…1024/,
  },
  {
    name: 'cache-sim: ways of plru',
    fits: () => simulation({ policy: 'plru' }, { size: 64 * 32, ways: 32 }),
    over: () => simulation({ policy: 'plru' }, { size: 64 * 64, ways: 64 }),
    says: /ways: got 64, expected 2, 4, 8, 16 or 32 for plru/,
  },
  {
    name: 'cache-sim: seed',
    fits: () => simulation({ seed: U32_MAX }),
    over: () => simulation({ seed: 2 ** 32 }),
    says: /seed: got 4294967296, expected an integer, 0…4294967295/,
  },
  {
    name: 'cache-sim: bytes of a line',
    fits: () => simulation({}, { size: 2 ** 30, line: 2 ** 30 }),
    over: () => simulation({}, { size: 2 ** 31, line: 2 ** 31 }),
    says: /line: got 2147483648, expected a power of two, 8…1073741824/,
  },
  {
    name: 'cache-sim: bytes of a cache',
    fits: () => simulation({}, { size: 2 ** 32, ways: 4, line: 2 ** 30 }),
    over: () => simulation({}, { size: 2 ** 33, ways: 8, line: 2 ** 30 }),
    says: /size: got 8589934592, expected an integer, 1…4294967296/,
  },
  {
    name: 'cache-sim: lines of a cache',
    over: () => simulation({}, { size: 2 ** 32, ways: 16 }),
    says: /expected at most 33554432 lines/,
  },
  {
    name: 'cache-sim: bytes of a page',
    fits: () => tlb({ page: 2 ** 40 }),
    over: () => tlb({ page: 2 ** 41 }),
    says: /page: got 2199023255552, expected a power of two, 8…1099511627776/,
  },
  {
    name: 'cache-sim: entries of a TLB',
    over: () => tlb({ data: { entries: 2 ** 25, ways: 1 } }),
    says: /entries: got 33554432, expected at most 16777216/,
  },
  {
    name: 'cache-sim: bytes of an access',
    fits: () => simulation({}).read(0, 2 ** 30),
    over: () => simulation({}).read(0, 2 ** 30 + 1),
    says: /bytes: got 1073741825, expected 1…1073741824/,
  },
  {
    name: 'cache-sim: addresses',
    fits: () => simulation({}).read(2 ** 53 - 1, 1),
    over: () => simulation({}).read(2 ** 53 - 1, 2),
    says: /address: got 9007199254740991 of 2 bytes/,
  },

  // evaluation
  ...(
    [
      ['processes', evaluation.MAX_PROCESSES],
      ['threads', evaluation.MAX_THREADS],
      ['timers', evaluation.MAX_TIMERS],
      ['cpus', evaluation.MAX_CPUS],
      ['seed', evaluation.MAX_SEED],
      ['sample', 1_000_000],
    ] as const
  ).map(
    ([option, most]): Limit => ({
      name: `evaluation: ${option}`,
      over: () => evaluation.evaluate({ [option]: most + 1 }),
      says: new RegExp(`${option}: got ${most + 1}, expected a whole number, .*…${most}`),
    }),
  ),
  {
    name: 'evaluation: timers of all processes',
    over: () => evaluation.evaluate({ processes: 4, threads: 1024, timers: 1025 }),
    says: /got 4 × 1024 × 1025 = 4198400, expected at most 4194304/,
  },
  {
    name: 'evaluation: cells of a sweep',
    fits: () => grid({ timers: upTo(260) }), // × 384 / 3 cells
    over: () => grid({ timers: upTo(1000) }),
    says: /cells, expected at most 100000/,
  },
  {
    name: 'evaluation: values of an axis',
    over: () => grid({ timers: upTo(100_001) }),
    says: /timers: got 100001 values, expected at most 100000/,
  },
  {
    name: 'evaluation: timers of a cell',
    fits: () => grid({ timers: [2 ** 20], processes: [1] }),
    over: () => grid({ timers: [2 ** 20], processes: [2] }),
    says: /= 2097152 in a cell, expected at most 1048576/,
  },
  {
    name: 'evaluation: recorded operations of a cell',
    fits: () => grid({ sample: 20_000 }),
    over: () => grid({ sample: 20_001 }),
    says: /sample: got 20001, expected a whole number, 1…20000/,
  },

  // hash-table
  {
    name: 'hash-table: buckets',
    over: () => new hashTable.HashTable({ buckets: 2 ** 29 }),
    says: /buckets: got 536870912, expected a power of two 1…268435456/,
  },
  {
    name: 'hash-table: capacity',
    over: () => new hashTable.HashTable({ capacity: 2 ** 28 + 1 }),
    says: /capacity: got 268435457, expected an integer 0…268435456/,
  },
  {
    name: 'hash-table: seed',
    fits: () => new hashTable.HashTable({ seed: 2 ** 53 - 1 }),
    over: () => new hashTable.HashTable({ seed: 2 ** 53 }),
    says: /seed: got 9007199254740992, expected an integer 0…9007199254740991/,
  },
  {
    name: 'hash-table: shared capacity',
    over: () => new SharedHashTable({ capacity: 2 ** 26 + 1 }),
    says: /capacity: got 67108865, expected an integer 1…67108864/,
  },

  // kernel-ids
  {
    name: 'kernel-ids: pid_max',
    fits: () => new kernelIds.PidNamespace({ pidMax: 2 ** 22 }),
    over: () => new kernelIds.PidNamespace({ pidMax: 2 ** 22 + 1 }),
    says: /pidMax: got 4194305, expected an integer, 301…4194304/,
  },
  {
    name: 'kernel-ids: terminals',
    fits: () => new kernelIds.PtyIndices({ max: 2 ** 20 }),
    over: () => new kernelIds.PtyIndices({ max: 2 ** 20 + 1 }),
    says: /max: got 1048577, expected an integer, 0…1048576/,
  },
  {
    name: 'kernel-ids: possible CPUs',
    fits: () => kernelIds.aioRing(1, 8192),
    over: () => kernelIds.aioRing(1, 8193),
    says: /possibleCpus: got 8193, expected an integer, 1…8192/,
  },
  {
    name: 'kernel-ids: objects of SysV',
    fits: () => new kernelIds.SysvIds({ extended: true, max: 2 ** 24 }),
    over: () => new kernelIds.SysvIds({ extended: true, max: 2 ** 24 + 1 }),
    says: /max: got 16777217, expected an integer, 0…16777216/,
  },
  {
    name: 'kernel-ids: watches',
    fits: () => new kernelIds.WatchDescriptors({ max: INT_MAX }),
    over: () => new kernelIds.WatchDescriptors({ max: 2 ** 31 }),
    says: /max: got 2147483648, expected an integer, 0…2147483647/,
  },

  // lock
  {
    name: 'lock: owners of a lock',
    fits: () => new locks.Mutex(shared(1), 0, INT_MAX),
    over: () => new locks.Mutex(shared(1), 0, 2 ** 31),
    says: /owner: got 2147483648, expected an integer 1…2147483647/,
  },
  {
    name: 'lock: owners of a fair lock',
    fits: () => locks.FairMutex.wordsFor(1024),
    over: () => locks.FairMutex.wordsFor(1025),
    says: /owners: got 1025, expected an integer 1…1024/,
  },
  {
    name: 'lock: owners of a semaphore',
    fits: () => locks.Semaphore.wordsFor(1024),
    over: () => locks.Semaphore.wordsFor(1025),
    says: /owners: got 1025, expected an integer 1…1024/,
  },
  {
    name: 'lock: permits of a semaphore',
    fits: () => new locks.Semaphore(shared(64), 0, 2, 1, { permits: 0x7fff_fffe }),
    over: () => new locks.Semaphore(shared(64), 0, 2, 1, { permits: 0x7fff_ffff }),
    says: /permits: got 2147483647, expected an integer 1…2147483646/,
  },
  {
    name: 'lock: slots of a LockTable',
    fits: () => locks.LockTable.wordsFor(65_536),
    over: () => locks.LockTable.wordsFor(65_537),
    says: /slots: got 65537, expected an integer 1…65536/,
  },

  // mem-trace
  {
    name: 'mem-trace: length of a source',
    over: () => instrument(' '.repeat(64 * 2 ** 20 + 1), { file: 'long.js' }),
    says: /source\.length: got 67108865, expected 0…67108864/,
  },
  {
    name: 'mem-trace: first number of a place',
    over: () => instrument('', { file: 'a.js', firstSite: 2 ** 31 }),
    says: /firstSite: got 2147483648, expected an integer, 0…2147483647/,
  },

  // next-id
  {
    name: 'next-id: highest ID of a NextId',
    fits: () => new nextId.NextId(0, INT_MAX),
    over: () => new nextId.NextId(0, 2 ** 31),
    says: /max: got 2147483648, expected an integer 0…2147483647/,
  },
  {
    name: 'next-id: highest ID of an IdPool',
    fits: () => new nextId.IdPool({ max: U32_MAX }),
    over: () => new nextId.IdPool({ max: 2 ** 32 }),
    says: /max: got 4294967296, expected an integer 0…4294967295/,
  },
  {
    name: 'next-id: frees of a quarantine',
    fits: () => nextId.quarantine(new nextId.IdPool(), 0, INT_MAX),
    over: () => nextId.quarantine(new nextId.IdPool(), 0, 2 ** 31),
    says: /frees: got 2147483648, expected an integer 1…2147483647/,
  },
  {
    name: 'next-id: delay of an IdPool',
    fits: () => new nextId.IdPool({ max: 99, reuse: { delay: 99 } }),
    over: () => new nextId.IdPool({ max: 99, reuse: { delay: 100 } }),
    says: /delay: got 100, expected an integer 0…99/,
  },
  {
    name: 'next-id: bits of a handle',
    fits: () => new nextId.GenerationalId({ slotBits: 20, bits: 53 }),
    over: () => new nextId.GenerationalId({ slotBits: 20, bits: 54 }),
    says: /bits: got 54, expected an integer 21…53/,
  },
  {
    name: 'next-id: bits of an epoch',
    fits: () => new nextId.GenerationalId({ slotBits: 10, bits: 53, epochBits: 20 }),
    over: () => new nextId.GenerationalId({ slotBits: 10, bits: 53, epochBits: 21 }),
    says: /epochBits: got 21, expected an integer 0…20/,
  },
  {
    name: 'next-id: highest ID of a SharedNextId',
    fits: () => new SharedNextId(0, INT_MAX),
    over: () => new SharedNextId(0, 2 ** 31),
    says: /max: got 2147483648, expected an integer 0…2147483647/,
  },
  {
    name: 'next-id: owners of a SharedIdPool',
    fits: () => new SharedIdPool({ max: 9, owners: 255 }),
    over: () => new SharedIdPool({ max: 9, owners: 256 }),
    says: /owners: got 256, expected an integer 0…255/,
  },
  {
    name: 'next-id: IDs of a SharedIdPool with owners',
    over: () => new SharedIdPool({ max: 2 ** 26, owners: 2 }),
    says: /max: got 67108864, expected at most min \+ 67108863 where owners are kept/,
  },

  // posix-timers
  {
    name: 'posix-timers: CPUs',
    fits: () => createTimerTable('hash-scaled', { cpus: 8192 }),
    over: () => createTimerTable('hash-scaled', { cpus: 8193 }),
    says: /cpus: got 8193, expected an integer 1…8192/,
  },
  {
    name: 'posix-timers: process IDs',
    fits: () => new Kernel({ release: '6.18' }).spawn({ pid: 4_194_304 }),
    over: () => new Kernel({ release: '6.18' }).spawn({ pid: 4_194_305 }),
    says: /pid: got 4194305, expected an integer 1…4194304/,
  },
  {
    name: 'posix-timers: seed',
    fits: () => new Kernel({ release: '6.18', seed: U32_MAX }),
    over: () => new Kernel({ release: '6.18', seed: 2 ** 32 }),
    says: /seed: got 4294967296, expected an integer 0…4294967295/,
  },

  // restore-planner
  {
    name: 'restore-planner: nanoseconds of a pair',
    fits: () =>
      planner.planRestore(
        { source: '', format: 'criu-v1.1', processes: [] },
        { kernel: '6.18', criu: '4.2', nsPerPair: 1e12 },
      ),
    over: () =>
      planner.planRestore(
        { source: '', format: 'criu-v1.1', processes: [] },
        { kernel: '6.18', criu: '4.2', nsPerPair: 1e12 + 1 },
      ),
    says: /nsPerPair: got 1000000000001, expected nanoseconds, 0…1000000000000/,
  },
  {
    name: 'restore-planner: pid_max of a target',
    fits: () => plan({ pidMax: 2 ** 22 }),
    over: () => plan({ pidMax: 2 ** 22 + 1 }),
    says: /pidMax: got 4194305, expected a whole number, 1…4194304/,
  },
  {
    name: 'restore-planner: possible CPUs of a target',
    fits: () => plan({ possibleCpus: 2 ** 20 }),
    over: () => plan({ possibleCpus: 2 ** 20 + 1 }),
    says: /possibleCpus: got 1048577, expected a whole number, 1…1048576/,
  },
  {
    name: 'restore-planner: terminals of a target',
    over: () => plan({ ptysTaken: Array(2 ** 20 + 1).fill(0) }),
    says: /ptysTaken: got .*1048577 items.*, expected at most 1048576/,
  },
  {
    name: 'restore-planner: numbers of a target',
    over: () => plan({ taken: Array(2 ** 22 + 1) }),
    says: /taken: got .*4194305 items.*, expected at most 4194304/,
  },
  {
    name: 'restore-planner: objects of a target',
    over: () => plan({ joinedIpc: { shm: Array(2 ** 24 + 1), sem: [], msg: [] } }),
    says: /joinedIpc\.shm: got .*16777217 items.*, expected at most 16777216/,
  },
  {
    name: 'restore-planner: names in a target',
    over: () => plan({ kernel: 'x'.repeat(257) }),
    says: /kernel: got /,
  },

  // xarray
  {
    name: 'xarray: indices',
    fits: () => new xarray.XArray().store(U32_MAX, 1),
    over: () => new xarray.XArray().store(2 ** 32, 1),
    says: /index: got 4294967296, expected an integer 0…4294967295/,
  },
  {
    name: 'xarray: entries',
    fits: () => new xarray.XArray().store(0, INT_MAX),
    over: () => new xarray.XArray().store(0, 2 ** 31),
    says: /entry: got 2147483648, expected an integer 0…2147483647/,
  },
  {
    name: 'xarray: orders',
    fits: () => new xarray.XArray().storeOrder(0, 32, 1),
    over: () => new xarray.XArray().storeOrder(0, 33, 1),
    says: /order: got 33, expected an integer 0…32/,
  },
  {
    name: 'xarray: capacity',
    over: () => new xarray.XArray({ capacity: 2 ** 25 }),
    says: /capacity: got 33554432, expected an integer 0…33554/,
  },
  {
    name: 'xarray: IDs of an Ida',
    fits: () => new xarray.Ida().reserve(INT_MAX),
    over: () => new xarray.Ida().reserve(2 ** 31),
    says: /got 2147483648, expected an integer 0…2147483647/,
  },
  {
    name: 'xarray: indices of a SparseXArray',
    fits: () => new SparseXArray().store(U32_MAX, 1),
    over: () => new SparseXArray().store(2 ** 32, 1),
    says: /index: got 4294967296, expected an integer 0…4294967295/,
  },
  {
    name: 'xarray: shared capacity',
    over: () => new SharedXArray({ capacity: 2 ** 22 + 1 }),
    says: /capacity: got 4194305, expected an integer 1…4194304/,
  },
];

test.each(LIMITS.map((limit) => [limit.name, limit] as const))('%s', (_, { fits, over, says }) => {
  if (fits !== undefined) expect(fits).not.toThrow();
  let error: unknown;
  try {
    over();
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(RangeError);
  expect((error as Error).message).toMatch(says);
});
