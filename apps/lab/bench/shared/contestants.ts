// What is measured: each contestant makes something shared once, and in each worker a run of calls on it.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HashTable } from '@idspace/hash-table';
import { SharedHashTable } from '@idspace/hash-table/shared';
import { lockWord, Mutex, SpinLock, unlockWord } from '@idspace/lock';
import { XArray } from '@idspace/xarray';
import { SharedXArray } from '@idspace/xarray/shared';
import { OpenHash } from './open-hash.ts';
import { drepperMutex, spinLock } from './reference-locks.ts';

/** Makes so many calls, going on from where the run before ended. */
export type Run = (calls: number) => void;

export interface Contestant {
  /** Made once, in the main thread; goes to the workers through postMessage. */
  make(): unknown;
  /** Is called once in each worker, 0 or 1. */
  attach(made: never, worker: number): Run;
}

/** Keys 0 … KEYS − 1, half of them there at any time. */
const KEYS = 10_000;
const BUCKETS = 16_384;
const [LO, HI] = [0x00ea_9a00, 0xffff_8881];
const require = createRequire(import.meta.url);

interface Calls {
  get(key: number): unknown;
  put(key: number): unknown;
  remove(key: number): unknown;
}

/** Random calls, others for each worker: `writes` % of them put or remove, the rest reads. */
function mix({ get, put, remove }: Calls, writes: number, worker: number): Run {
  let state = 0x9e37_79b9 + worker;
  return (calls) => {
    let x = state;
    for (let call = 0; call < calls; call++) {
      // xorshift32: the low bits of a cheaper generator repeat after some hundred calls, and branches are foreseen.
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      const key = (x >>> 8) % KEYS;
      if ((x & 0xff) * 100 >= writes * 256) get(key);
      else if ((x & 1) === 0) put(key);
      else remove(key);
    }
    state = x;
  };
}

function fill(put: (key: number) => unknown): void {
  for (let key = 0; key < KEYS; key += 2) put(key);
}

const tableCalls = (table: HashTable | SharedHashTable): Calls => ({
  get: (key) => table.find(LO, HI, key),
  put: (key) => table.insert(LO, HI, key, key + 1),
  remove: (key) => table.remove(LO, HI, key),
});

const arrayCalls = (array: XArray | SharedXArray): Calls => ({
  get: (key) => array.load(key),
  put: (key) => array.store(key, key + 1),
  remove: (key) => array.erase(key),
});

function sharedTable(locking: 'global' | 'striped' | 'bucket'): Contestant {
  return {
    make: () => {
      const table = new SharedHashTable({ buckets: BUCKETS, capacity: KEYS, locking });
      fill(tableCalls(table).put);
      return table.handle;
    },
    attach: (handle: SharedArrayBuffer, worker) => mix(tableCalls(SharedHashTable.attach(handle)), 10, worker),
  };
}

function sharedArray(writes: number): Contestant {
  return {
    make: () => {
      const array = new SharedXArray();
      fill(arrayCalls(array).put);
      return array.handle;
    },
    attach: (handle: SharedArrayBuffer, worker) => mix(arrayCalls(SharedXArray.attach(handle)), writes, worker),
  };
}

function own(make: () => Calls, writes: number): Contestant {
  return {
    make: () => undefined,
    attach: (_made, worker) => {
      const calls = make();
      fill(calls.put);
      return mix(calls, writes, worker);
    },
  };
}

function openHash(stripes: number): Contestant {
  return {
    make: () => {
      const words = OpenHash.room(KEYS, stripes);
      const table = new OpenHash(words, KEYS, stripes);
      fill((key) => table.set(key, key + 1));
      return words;
    },
    attach: (words: Int32Array, worker) => {
      const table = new OpenHash(words, KEYS, stripes);
      return mix(
        { get: (k) => table.get(k), put: (k) => table.set(k, k + 1), remove: (k) => table.delete(k) },
        10,
        worker,
      );
    },
  };
}

interface StringMap {
  get(key: string): unknown;
  set(key: string, value: string): unknown;
  delete(key: string): unknown;
}
const stringCalls = (map: StringMap): Calls => ({
  get: (key) => map.get(`${key}`),
  put: (key) => map.set(`${key}`, `${key + 1}`),
  // sharedmap throws when the key is not there.
  remove: (key) => map.get(`${key}`) !== undefined && tolerant(() => map.delete(`${key}`)),
});

function tolerant(call: () => unknown): unknown {
  try {
    return call();
  } catch {
    return undefined;
  }
}

const sharedmap: Contestant = {
  make: () => {
    const SharedMap = require('sharedmap') as new (size: number, key: number, value: number) => StringMap;
    const map = new SharedMap(BUCKETS, 8, 8);
    fill(stringCalls(map).put);
    return map;
  },
  attach: (map: StringMap, worker) => {
    Object.setPrototypeOf(map, (require('sharedmap') as { prototype: object }).prototype);
    return mix(stringCalls(map), 10, worker);
  },
};

interface Lmdb {
  get(key: number): unknown;
  putSync(key: number, value: number): unknown;
  removeSync(key: number): unknown;
}
const openLmdb = (path: string): Lmdb =>
  (require('lmdb') as { open(options: object): Lmdb }).open({
    path,
    keyEncoding: 'uint32',
    noSync: true,
    cache: false,
  });
const lmdbCalls = (db: Lmdb): Calls => ({
  get: (key) => db.get(key),
  put: (key) => db.putSync(key, key + 1),
  remove: (key) => db.removeSync(key),
});
const lmdb: Contestant = {
  make: () => {
    const path = mkdtempSync(join(tmpdir(), 'idspace-bench-'));
    process.on('exit', () => rmSync(path, { recursive: true, force: true }));
    fill(lmdbCalls(openLmdb(path)).put);
    return path;
  },
  attach: (path: string, worker) => mix(lmdbCalls(openLmdb(path)), 10, worker),
};

interface ShareableMap {
  get(key: string): unknown;
  set(key: string, value: number): unknown;
  getBuffers(): unknown[];
  setBuffers(index: unknown, data: unknown): void;
}
const newShareableMap = (): ShareableMap =>
  new (require('shared-memory-datastructures') as { ShareableMap: new () => ShareableMap }).ShareableMap();
const shareableMap: Contestant = {
  make: () => {
    const map = newShareableMap();
    fill((key) => map.set(`${key}`, key + 1));
    return map.getBuffers();
  },
  attach: ([index, data]: unknown[], worker) => {
    const map = newShareableMap();
    map.setBuffers(index, data);
    // It can neither delete nor overwrite: reads alone.
    return mix({ get: (key) => map.get(`${key}`), put: () => {}, remove: () => {} }, 0, worker);
  },
};

/** Locks and unlocks around two increments. */
function locking(make: (words: Int32Array, owner: number) => [lock: () => unknown, unlock: () => unknown]): Contestant {
  return {
    make: () => new Int32Array(new SharedArrayBuffer(256)),
    attach: (words: Int32Array, worker) => {
      const [lock, unlock] = make(words, worker + 1);
      return (calls) => {
        for (let call = 0; call < calls; call++) {
          lock();
          words[32]++;
          words[33]++;
          unlock();
        }
      };
    },
  };
}

const handleOf = (lock: Mutex | SpinLock): [() => unknown, () => unknown] => [() => lock.lock(), () => lock.unlock()];

/** The seed's question: timers created, looked up and deleted by two threads, of one process or of two. */
const WINDOW = 1000;
const LOOKUPS = 2;

function life(create: (i: number) => number, lookup: (id: number) => unknown, remove: (id: number) => unknown): Run {
  const ids = new Int32Array(WINDOW);
  for (let i = 0; i < WINDOW; i++) ids[i] = create(i);
  let next = WINDOW;
  return (calls) => {
    for (let call = 0; call < calls; call++, next++) {
      const slot = next % WINDOW;
      remove(ids[slot]);
      ids[slot] = create(next);
      for (let i = 1; i <= LOOKUPS; i++) lookup(ids[(slot + i * 331) % WINDOW]);
    }
  };
}

function timersInTable(locks: 'global' | 'bucket', processes: number): Contestant {
  return {
    make: () => new SharedHashTable({ buckets: 4096, capacity: 100_000, locking: locks, hash: 'jhash2' }).handle,
    attach: (handle: SharedArrayBuffer, worker) => {
      const table = SharedHashTable.attach(handle);
      const owner = processes === 1 ? LO : LO + worker * 0x480;
      // In one process, the threads' IDs are of one sequence: here, every second is of one thread.
      const id = (i: number): number => (processes === 1 ? 2 * i + worker : i) & 0x7fff_ffff;
      const create = (i: number): number => (table.insert(owner, HI, id(i), 1) ? id(i) : -1);
      return life(
        create,
        (n) => table.find(owner, HI, n),
        (n) => table.remove(owner, HI, n),
      );
    },
  };
}

function timersInArrays(processes: number): Contestant {
  return {
    make: () => [0, 1].map(() => new SharedXArray({ alloc: 'from0' }).handle),
    attach: (handles: SharedArrayBuffer[], worker) => {
      const array = SharedXArray.attach(handles[processes === 1 ? 0 : worker]);
      return life(
        () => array.alloc(1),
        (id) => array.load(id),
        (id) => array.erase(id),
      );
    },
  };
}

/** Sections of the benchmark, in the order they are shown. */
export const sections: Record<string, Record<string, Contestant>> = {
  '90 % reads, 5 % put, 5 % remove, 10,000 keys, half of them there': {
    'SharedHashTable, bucket locks': sharedTable('bucket'),
    'SharedHashTable, 64 stripes': sharedTable('striped'),
    'SharedHashTable, one lock': sharedTable('global'),
    SharedXArray: sharedArray(10),
    'reference: open hash, one lock': openHash(1),
    'reference: open hash, 64 stripes': openHash(64),
    sharedmap,
    lmdb,
    'shared-memory-datastructures (reads only)': shareableMap,
    'nothing shared: a HashTable each': own(() => tableCalls(new HashTable({ buckets: BUCKETS })), 10),
    'nothing shared: an XArray each': own(() => arrayCalls(new XArray()), 10),
  },
  'load alone, 10,000 keys': {
    'SharedXArray.load': sharedArray(0),
    'XArray.load (an array each)': own(() => arrayCalls(new XArray()), 0),
  },
  'lock + two increments + unlock': {
    Mutex: locking((words, owner) => handleOf(new Mutex(words, 0, owner))),
    SpinLock: locking((words, owner) => handleOf(new SpinLock(words, 0, owner))),
    'lockWord, unlockWord': locking((words, owner) => [
      () => lockWord(words, 0, owner),
      () => unlockWord(words, 0, owner),
    ]),
    'reference: compare-exchange spin': locking((words) => spinLock(words)),
    'reference: mutex of three states': locking((words) => drepperMutex(words)),
  },
  'a timer: delete, create, two lookups': {
    'global lock, one process': timersInTable('global', 1),
    'global lock, two processes': timersInTable('global', 2),
    'bucket locks, one process': timersInTable('bucket', 1),
    'bucket locks, two processes': timersInTable('bucket', 2),
    'xarray per process, one process': timersInArrays(1),
    'xarray per process, two processes': timersInArrays(2),
  },
};
