// A good call of everything that is published and takes a number, for the test that puts bad values in its place.
import * as cacheSim from '../../packages/cache-sim/src/index.ts';
import * as hashTable from '../../packages/hash-table/src/index.ts';
import { SharedHashTable } from '../../packages/hash-table/src/shared/index.ts';
import * as kernelIds from '../../packages/kernel-ids/src/index.ts';
import { AddressMap } from '../../packages/mem-trace/src/index.ts';
import * as nextId from '../../packages/next-id/src/index.ts';
import { SharedIdPool, SharedNextId } from '../../packages/next-id/src/shared/index.ts';
import * as timers from '../../packages/posix-timers/src/index.ts';
import * as xarray from '../../packages/xarray/src/index.ts';
import { SharedXArray } from '../../packages/xarray/src/shared/index.ts';
import { SparseXArray } from '../../packages/xarray/src/sparse/index.ts';

/** What is called, and with what. */
export interface Subject {
  /** Makes a fresh object with something in it, or returns the class or module whose functions these are. */
  make(): object;
  /** Good arguments of each call that takes a number; 'new' are those of the constructor. */
  args: Record<string, unknown[]>;
  /** What must not change, where not all of an object's state is seen by its callers. */
  state?(made: never): unknown;
  /** What calls, or calls with a bad parameter (`call.parameter`), answer in place of an error, as they say. */
  answers?: Record<string, unknown>;
  /** Parameters (`call.parameter`) that may be what others may not: a fraction, infinity, anything. */
  fractions?: readonly string[];
  anything?: readonly string[];
  bigints?: readonly string[];
  /** Calls that are not for users. */
  internal?: readonly string[];
}

const none = (): void => {};

/** A pool with three IDs taken. */
const aPool = (): nextId.IdPool => {
  const pool = new nextId.IdPool({ max: 99 });
  for (let i = 0; i < 3; i++) pool.allocate();
  return pool;
};
const NO_ID = { free: false, has: false };

const INDEXED = {
  load: [1],
  store: [1, 2],
  erase: [1],
  insert: [1, 2],
  cmpxchg: [1, 2, 3],
  find: [1, 2, 0],
  findAfter: [1, 2, 0],
  findLast: [2, 1, 0],
  findBefore: [2, 1, 0],
  forEach: [none, 1, 2, 0],
  extract: [new Int32Array(1), 1, 2, 0],
  range: [1, 2, 0],
  reversed: [2, 1, 0],
  count: [1, 2, 0],
  rank: [1, 0],
  nth: [1, 0],
  eraseRange: [1, 2],
  getMark: [1, 0],
  setMark: [1, 0],
  clearMark: [1, 0],
  marked: [0],
};

/** Of what has no marks. */
const SEARCHED = {
  find: [1, 2],
  findAfter: [1, 2],
  findLast: [2, 1],
  findBefore: [2, 1],
  range: [1, 2],
  reversed: [2, 1],
};

const RESERVING = {
  ...INDEXED,
  reserve: [1],
  release: [1],
  alloc: [1, 0, 5],
  allocCyclic: [1, 2, 0, 5],
};

const SHARED_TABLE = {
  find: [1, 1, 1],
  insert: [1, 1, 2, 1],
  remove: [1, 1, 1],
  replace: [1, 1, 1, 5],
  compareExchange: [1, 1, 1, 7, 5],
};

/** A process of a kernel in which IDs can be asked for in every way. */
const process = (release: string) => (): timers.Process => {
  const made = new timers.Kernel({ release }).spawn();
  for (let i = 0; i < 3; i++) made.timerCreate(1, { notify: timers.SIGEV_NONE });
  return made;
};

const SIGEVENT = { notify: timers.SIGEV_THREAD_ID, signo: 34, value: 1, tid: 1000 };
const SETTING = { valueSec: 1, valueNsec: 0, intervalSec: 0, intervalNsec: 0 };

const TASK = {
  timerCreate: [1, SIGEVENT, 1],
  timerCreateAt: [1, SIGEVENT, 1],
  setNextId: [1],
  timerDelete: [1],
  createDeletePairs: [1, SIGEVENT, 1, -1],
  timerSettime: [1, 0, SETTING],
  timerGettime: [1, { ...SETTING }],
  timerGetoverrun: [1],
  prctl: [77, 2, 0, 0, 0],
  setuid: [1],
  setrlimit: [1],
  thread: [2000],
};

/** A value is sent along, a bigint too; what gettime fills may hold anything before. */
const TASK_EXCEPTIONS = {
  bigints: ['timerCreate.value', 'timerCreateAt.value', 'createDeletePairs.value'],
  anything: ['valueSec', 'valueNsec', 'intervalSec', 'intervalNsec'].map((field) => `timerGettime.${field}`),
  internal: ['new'],
  // What no kernel knows is −EINVAL.
  fractions: ['option', 'arg2', 'arg3', 'arg4', 'arg5'].map((arg) => `prctl.${arg}`),
};

const CACHE = { name: 'L1', size: 512, ways: 2, line: 64 };
const BATCH = { kinds: Uint8Array.of(1), addresses: Float64Array.of(64), bytes: Int32Array.of(4) };

const filled = <T extends { store(index: number, entry: number): unknown }>(array: T): T => {
  for (let index = 0; index < 3; index++) array.store(index, 7);
  return array;
};

/** By where it is imported from and its name. */
export const SUBJECTS: Record<string, Subject> = {
  '@idspace/xarray XArray': {
    make: () => filled(new xarray.XArray({ alloc: 'from0' })),
    args: {
      new: [{ capacity: 1 }],
      ...RESERVING,
      fillRange: [1, 2, 3],
      storeOrder: [1, 1, 1],
      storeRange: [1, 2, 3],
      getOrder: [1],
      split: [1, 0],
      cursor: [1],
      findAbsent: [1, 2],
      findGap: [1, 0, 5],
    },
  },
  '@idspace/xarray XArrayOf': {
    make: () => filled(new xarray.XArrayOf<number>({ alloc: 'from0' })),
    args: { new: [{ capacity: 1 }], ...RESERVING },
    // A slot that was taken and given back is not seen.
    state: (array: xarray.XArrayOf<number>) => [...array],
  },
  '@idspace/xarray IntMap': {
    make: () => new xarray.IntMap([[1, 2]]),
    args: {
      get: [1, 2],
      set: [1, 2],
      getOrInsert: [1, 2],
      getOrInsertComputed: [1, () => 5],
      has: [1],
      delete: [1],
      add: [1, 2],
      groupBy: [[1], () => 5],
      count: [1, 2],
      rank: [1],
      nth: [1],
      deleteRange: [1, 2],
      fillRange: [1, 2, 3],
      ...SEARCHED,
    },
    anything: ['get.missing'],
    answers: { has: false },
  },
  '@idspace/xarray TypedMap': {
    make: () => new xarray.TypedMap('f64', [[1, 2]]),
    args: {
      new: ['f64'],
      get: [1, 2],
      set: [1, 2.5],
      getOrInsert: [1, 2.5],
      getOrInsertComputed: [1, () => 2.5],
      add: [1, 2.5],
      has: [1],
      delete: [1],
      count: [1, 2],
      rank: [1],
      nth: [1],
      deleteRange: [1, 2],
      ...SEARCHED,
    },
    anything: ['get.missing', 'set.value', 'getOrInsert.value', 'add.n'],
    answers: { has: false },
  },
  '@idspace/xarray Ida': {
    make: () => {
      const ida = new xarray.Ida();
      for (let i = 0; i < 3; i++) ida.allocate();
      return ida;
    },
    // biome-ignore format: what belongs together stands in a row
    args: {
      new: [[1]], allocate: [0, 9], free: [1], has: [1], findFirst: [0, 9], ...SEARCHED,
      forEach: [none, 1, 2], takenRanges: [1, 2], freeRanges: [1, 2], count: [1, 2], rank: [1], nth: [1],
      add: [7], reserve: [7], delete: [1], peek: [0, 9], allocateRun: [2, 0, 9], reserveRange: [7, 9], freeRange: [1, 9],
      union: [new Set([1])], intersection: [new Set([1])], difference: [new Set([1])], symmetricDifference: [new Set([1])],
      isSubsetOf: [new Set([1])], isSupersetOf: [new Set([1])], isDisjointFrom: [new Set([1])],
    },
    answers: { ...NO_ID, delete: false },
  },
  '@idspace/xarray/sparse SparseXArray': { make: () => filled(new SparseXArray()), args: INDEXED },
  '@idspace/xarray/shared SharedXArray': {
    make: () => filled(new SharedXArray({ alloc: 'from0', capacity: 10 })),
    args: {
      new: [{ capacity: 10, owner: 1, timeoutMs: 5 }],
      // Each time another: an owner can attach to one only once.
      get attach() {
        return [new SharedXArray({ capacity: 10 }).handle, { owner: 9, timeoutMs: 5 }];
      },
      from: [new xarray.XArray().snapshot(), { capacity: 10, owner: 1, timeoutMs: 5 }],
      ...RESERVING,
      fillRange: [1, 2, 3],
      findAbsent: [1, 2],
      findGap: [1, 0, 5],
      bury: [9],
    },
    fractions: ['new.timeoutMs', 'attach.timeoutMs', 'from.timeoutMs'],
  },
  '@idspace/next-id IdPool': {
    make: () => {
      const pool = new nextId.IdPool();
      for (let i = 0; i < 3; i++) pool.allocate();
      return pool;
    },
    args: { new: [{ min: 0, max: 9 }], reserve: [7], free: [1], has: [1] },
    answers: NO_ID,
  },
  '@idspace/next-id GenerationalId': {
    make: () => {
      const ids = new nextId.GenerationalId();
      for (let i = 0; i < 3; i++) ids.allocate();
      return ids;
    },
    args: {
      new: [{ slotBits: 4, bits: 40, epochBits: 2, epoch: 0 }],
      reserve: [7],
      free: [1],
      has: [1],
      slot: [1],
      get from() {
        return [new nextId.GenerationalId({ epochBits: 2 }).snapshot(), { epoch: 1 }];
      },
    },
    answers: { ...NO_ID, slot: -1 },
  },
  '@idspace/next-id SlotMap': {
    make: () => {
      const map = new nextId.SlotMap<string>();
      for (let i = 0; i < 3; i++) map.insert('a');
      return map;
    },
    args: {
      new: [{ slotBits: 4, bits: 40, epochBits: 2, epoch: 0 }],
      get: [1],
      set: [1, 'b'],
      has: [1],
      delete: [1],
      slot: [1],
      forEach: [none],
    },
    anything: ['set.value'],
    answers: { get: undefined, set: false, has: false, delete: false, slot: -1 },
  },
  '@idspace/next-id SecondaryMap': {
    make: () => {
      const ids = new nextId.GenerationalId();
      const map = new nextId.SecondaryMap<string>(ids);
      map.set(ids.allocate(), 'a');
      return map;
    },
    args: { new: [new nextId.SlotMap()], get: [0], set: [0, 'b'], has: [0], delete: [0], forEach: [none] },
    anything: ['set.value'],
    answers: { get: undefined, set: false, has: false, delete: false },
  },
  // Each time another pool, so that what a call does is not seen by the next.
  '@idspace/next-id allocateRun': {
    make: () => nextId,
    get args() {
      return { allocateRun: [aPool(), 2] };
    },
  },
  '@idspace/next-id reserveRange': {
    make: () => nextId,
    get args() {
      return { reserveRange: [aPool(), 7, 9] };
    },
  },
  '@idspace/next-id freeRange': {
    make: () => nextId,
    get args() {
      return { freeRange: [aPool(), 1, 9] };
    },
  },
  '@idspace/next-id range': {
    make: () => nextId,
    get args() {
      return { range: [aPool(), 1, 9] };
    },
  },
  '@idspace/next-id takenRanges': {
    make: () => nextId,
    get args() {
      return { takenRanges: [aPool(), 1, 9] };
    },
  },
  '@idspace/next-id freeRanges': {
    make: () => nextId,
    get args() {
      return { freeRanges: [aPool(), 1, 9] };
    },
  },
  '@idspace/next-id count': {
    make: () => nextId,
    get args() {
      return { count: [aPool(), 1, 9] };
    },
  },
  '@idspace/next-id quarantine': {
    make: () => nextId,
    get args() {
      return { quarantine: [aPool(), 1, 2] };
    },
    answers: { 'quarantine.id': false },
  },
  '@idspace/next-id unquarantine': {
    make: () => nextId,
    get args() {
      return { unquarantine: [aPool(), 1] };
    },
    answers: { 'unquarantine.id': false },
  },
  '@idspace/next-id peek': {
    make: () => nextId,
    get args() {
      return { peek: [aPool()] };
    },
  },
  '@idspace/next-id compact': {
    make: () => nextId,
    get args() {
      return { compact: [aPool()] };
    },
  },
  '@idspace/next-id quarantined': {
    make: () => nextId,
    get args() {
      return { quarantined: [aPool()] };
    },
  },
  '@idspace/next-id NextId': {
    make: () => new nextId.NextId(3, 9),
    args: { new: [3, 9], moveTo: [5], allocate: [() => true, 5] },
  },
  '@idspace/next-id/shared SharedIdPool': {
    make: () => {
      const pool = new SharedIdPool({ max: 99, owners: 9, owner: 1 });
      for (let i = 0; i < 3; i++) pool.allocate();
      return pool;
    },
    args: {
      new: [{ min: 0, max: 9 }],
      get attach() {
        return [new SharedIdPool({ max: 99, owners: 9 }).handle, { owner: 5 }];
      },
      reserve: [7],
      free: [1],
      has: [1],
      heldBy: [1],
      bury: [2],
    },
    answers: NO_ID,
  },
  '@idspace/next-id/shared SharedNextId': {
    make: () => new SharedNextId(3, 9),
    args: { new: [3, 9], moveTo: [5], allocate: [() => true, 5] },
  },
  '@idspace/hash-table HashTable': {
    make: () => {
      const table = new hashTable.HashTable();
      table.insert(1, 1, 1, 7);
      return table;
    },
    args: {
      new: [{ buckets: 4, golden: 1, capacity: 1, seed: 1 }],
      ...SHARED_TABLE,
      insertNew: [1, 1, 2, 1],
    },
  },
  '@idspace/hash-table hash32': { make: () => hashTable, args: { hash32: [1, 1, 1, 8, 1] } },
  '@idspace/hash-table jhash2': { make: () => hashTable, args: { jhash2: [1, 1, 1] } },
  '@idspace/hash-table halfSipHash': { make: () => hashTable, args: { halfSipHash: [1, 1, 1, 1, 1] } },
  '@idspace/hash-table/shared SharedHashTable': {
    make: () => {
      const table = new SharedHashTable({ capacity: 10, buckets: 4 });
      table.insert(1, 1, 1, 7);
      return table;
    },
    args: {
      new: [{ capacity: 10, buckets: 4, golden: 1, seed: 1, owner: 1, timeoutMs: 5 }],
      // Each time another: an owner can attach to one only once.
      get attach() {
        return [new SharedHashTable({ capacity: 10, buckets: 4 }).handle, { owner: 9, timeoutMs: 5 }];
      },
      from: [new hashTable.HashTable().snapshot(), { capacity: 10, owner: 1, timeoutMs: 5 }],
      ...SHARED_TABLE,
      insertNew: [1, 1, 2, 1],
      bury: [9],
    },
    fractions: ['new.timeoutMs', 'attach.timeoutMs', 'from.timeoutMs'],
  },
  '@idspace/posix-timers Kernel': {
    make: () => new timers.Kernel({ release: '6.18' }),
    args: {
      new: [{ release: '6.18', cpus: 1, sigpending: 9, seed: 1 }],
      spawn: [{ pid: 1, uid: 1 }],
      pendingSignals: [1],
    },
  },
  '@idspace/posix-timers Process': { make: process('6.18'), args: TASK, ...TASK_EXCEPTIONS },
  '@idspace/posix-timers Thread': { make: () => process('6.18')().thread(), args: TASK, ...TASK_EXCEPTIONS },
  '@idspace/posix-timers cpuClock': { make: () => timers, args: { cpuClock: [1, false] } },
  '@idspace/posix-timers errnoName': { make: () => timers, args: { errnoName: [1] } },
  '@idspace/posix-timers createTimerTable': {
    make: () => timers,
    args: { createTimerTable: ['xarray', { cpus: 1, capacity: 1, processes: 1 }] },
  },
  '@idspace/posix-timers scaledBuckets': { make: () => timers, args: { scaledBuckets: [1] } },
  '@idspace/kernel-ids modelIds': {
    make: () => kernelIds,
    args: {
      modelIds: [
        { pidMax: 400, lastPid: 5, criuPid: 7, criuSid: 8, shmmniMax: 9, possibleCpus: 1, aioNr: 0, aioMaxNr: 9 },
        false,
      ],
    },
  },
  '@idspace/kernel-ids aioRing': { make: () => kernelIds, args: { aioRing: [1, 1] } },
  '@idspace/kernel-ids AioContexts': {
    make: () => {
      const contexts = new kernelIds.AioContexts();
      contexts.setUp(5);
      return contexts;
    },
    args: { new: [{ possibleCpus: 1, max: 9, charged: 1 }], setUp: [1], destroy: [1] },
    answers: { setUp: -kernelIds.EINVAL },
  },
  '@idspace/kernel-ids CyclicIds': {
    make: () => {
      const ids = new kernelIds.CyclicIds();
      for (let i = 0; i < 3; i++) ids.allocate(0, 9);
      return ids;
    },
    args: { moveTo: [3], allocate: [0, 9], claim: [5, 6], free: [1], has: [1] },
    answers: NO_ID,
  },
  '@idspace/kernel-ids PidNamespace': {
    make: () => {
      const pids = new kernelIds.PidNamespace();
      pids.fork(1);
      pids.thread(1);
      pids.exit(pids.fork(1));
      return pids;
    },
    // biome-ignore format: what belongs together stands in a row
    args: {
      new: [{ pidMax: 400 }], setPidMax: [400], setLastPid: [5], fork: [1, 50], thread: [1, 50],
      setsid: [2], setpgid: [2, 2], sidOf: [2], pgidOf: [2], exit: [2], exitThread: [3], reap: [4],
      holderOf: [1],
    },
    // biome-ignore format: what belongs together stands in a row
    answers: {
      setPidMax: -kernelIds.EINVAL, setLastPid: -kernelIds.EINVAL, reap: -kernelIds.ESRCH, holderOf: null,
      'fork.ask': -kernelIds.EINVAL, 'thread.ask': -kernelIds.EINVAL, 'setpgid.pgid': -kernelIds.EPERM,
    },
  },
  '@idspace/kernel-ids PtyIndices': {
    make: () => {
      const ptys = new kernelIds.PtyIndices();
      for (let i = 0; i < 3; i++) ptys.open();
      return ptys;
    },
    args: { new: [{ max: 3 }], close: [1], has: [1] },
    answers: { close: false, has: false },
  },
  '@idspace/kernel-ids SysvIds': {
    make: () => {
      const ids = new kernelIds.SysvIds();
      for (let i = 0; i < 3; i++) ids.create();
      return ids;
    },
    args: { new: [{ max: 3 }], setNextId: [5], remove: [1] },
    answers: { setNextId: -kernelIds.EINVAL, remove: -kernelIds.EINVAL },
  },
  '@idspace/kernel-ids WatchDescriptors': {
    make: () => {
      const watches = new kernelIds.WatchDescriptors();
      for (let i = 0; i < 3; i++) watches.add();
      return watches;
    },
    args: { new: [{ max: 3 }], remove: [1], setNextId: [5] },
    answers: { remove: -kernelIds.EINVAL, setNextId: -kernelIds.EINVAL },
  },
  '@idspace/cache-sim CacheSim': {
    make: () => {
      const sim = new cacheSim.CacheSim({ levels: [CACHE], cores: 1, regions: [] });
      sim.read(64);
      return sim;
    },
    // biome-ignore format: what belongs together stands in a row
    args: {
      new: [{ levels: [CACHE], seed: 1, cores: 1 }],
      fetch: [1, 1, 0], read: [1, 1, 0], write: [1, 1, 0], sharedLines: [1], state: [1, 0], lines: [0, 0],
      play: [{ ...BATCH, length: 1 }, 0],
      addRegion: [{ name: 'r', start: 1, bytes: 8, stride: 8 }],
    },
    fractions: ['sharedLines.limit'],
  },
  '@idspace/cache-sim ReuseDistance': {
    make: () => {
      const distances = new cacheSim.ReuseDistance();
      distances.use(64);
      return distances;
    },
    // biome-ignore format: what belongs together stands in a row
    args: {
      new: [{ line: 64, rate: 1 }],
      use: [1, 1], fetch: [1, 1], read: [1, 1], write: [1, 1], missRatio: [1],
      play: [{ ...BATCH, length: 1 }],
    },
    fractions: ['new.rate', 'missRatio.lines'],
  },
  '@idspace/mem-trace AddressMap': { make: () => new AddressMap(), args: { addressOf: [new Int32Array(4), 1] } },
  '@idspace/mem-trace/recording AddressMap': {
    make: () => new AddressMap(),
    args: { addressOf: [new Int32Array(4), 1] },
  },
  '@idspace/cache-sim presetOptions': { make: () => cacheSim, args: { presetOptions: [cacheSim.CPU_PRESETS[0], 1] } },
};
