// The options of a shared array and of attaching to one, and the check of them.
import { checkKeys, type Refusal, refusal, refused, show } from '../misuse.ts';
import { FIRST_NODE } from '../node-layout.ts';
import { ALLOC, MAGIC, MAGIC_NUMBER, NODES, OWNERS, WORDS, wordsOf } from './layout.ts';
import { SharedXArrayError } from './shared-xarray-error.ts';

/** What every thread may choose for itself. */
export interface AttachOptions {
  /** Owner number to take, 1…64, so that the thread that starts a worker knows which to bury. Default: the lowest free one. */
  owner?: number | undefined;
  /** Milliseconds to wait for a lock before giving up with an error. Default 10,000. */
  timeoutMs?: number | undefined;
  /** False makes every call take the writers' lock, `load` too. Default true. */
  lockFreeReads?: boolean | undefined;
}

/** What a shared array is made of. */
export interface SharedXArrayOptions extends AttachOptions {
  /** Lets `alloc` hand out indices: from 0 on, or from 1 on (index 0 is never allocated). */
  alloc?: 'from0' | 'from1' | undefined;
  /**
   * Most nodes (320 bytes each) there can be, 1…2²²; rounded up to two less than a power of two. The memory is reserved
   * at the start and taken from the system as it is used. Default 65,534: four million dense entries, 21 MB.
   */
  capacity?: number | undefined;
}

const ALLOCS = [undefined, 'from0', 'from1'] as const;
export const DEFAULT_CAPACITY: number = 2 ** 16 - FIRST_NODE;
const MAX_CAPACITY = 2 ** 22;
const MAX_NODES = 2 ** 23;
const DEFAULT_TIMEOUT_MS = 10_000;
const ATTACH_KEYS = 'owner, timeoutMs, lockFreeReads';
/** Options of `from`: the snapshot says the rest. */
export const FROM_KEYS: string = `capacity, ${ATTACH_KEYS}`;

/** Makes the memory of an empty array. */
export function allocate({ alloc, capacity = DEFAULT_CAPACITY }: SharedXArrayOptions): SharedArrayBuffer {
  const call = 'new SharedXArray';
  const kind = ALLOCS.indexOf(alloc);
  if (kind < 0) throw refused(call, 'alloc', alloc, "'from0' or 'from1'");
  if (!Number.isInteger(capacity) || capacity < 1 || capacity > MAX_CAPACITY) {
    throw refused(call, 'capacity', capacity, 'an integer 1…4194304');
  }
  const nodes = 1 << (32 - Math.clz32(capacity + FIRST_NODE - 1));
  const words = new Int32Array(new SharedArrayBuffer(wordsOf(nodes) * 4));
  words[WORDS] = words.length;
  words[ALLOC] = kind;
  words[NODES] = nodes;
  Atomics.store(words, MAGIC, MAGIC_NUMBER);
  return words.buffer as SharedArrayBuffer;
}

/** Checks that a buffer is the memory of an array of this version, and reads what it says. */
export function inspectMemory(handle: SharedArrayBuffer): { alloc: 'from0' | 'from1' | undefined; nodes: number } {
  if (Object.prototype.toString.call(handle) !== '[object SharedArrayBuffer]') {
    throw new SharedXArrayError('bad-handle', `handle: got ${show(handle)}, expected the .handle of a SharedXArray`);
  }
  const words = new Int32Array(handle, 0, handle.byteLength >>> 2);
  const magic = words.length > NODES ? Atomics.load(words, MAGIC) : 0;
  if (magic >>> 8 !== MAGIC_NUMBER >>> 8) {
    throw new SharedXArrayError(
      'bad-handle',
      `handle: got ${handle.byteLength} bytes that are not an array's, expected the .handle of a SharedXArray`,
    );
  }
  if (magic !== MAGIC_NUMBER) {
    throw new SharedXArrayError(
      'bad-version',
      `handle: got one of layout version ${magic & 255}, expected ${MAGIC_NUMBER & 255}`,
    );
  }
  const [total, kind, nodes] = words.subarray(WORDS, NODES + 1);
  const sound =
    kind >= 0 && kind < ALLOCS.length && nodes > FIRST_NODE && nodes <= MAX_NODES && (nodes & (nodes - 1)) === 0;
  if (!sound || total !== wordsOf(nodes) || handle.byteLength !== total * 4) {
    throw new SharedXArrayError(
      'bad-size',
      `handle: got ${handle.byteLength} bytes, expected ${total * 4}, as its header says`,
    );
  }
  return { alloc: ALLOCS[kind], nodes };
}

/** Checks the keys of the options, and what a thread chooses for itself. */
export function readAttachOptions(
  options: AttachOptions,
  isAttached: boolean,
): { timeoutMs: number; lockFree: boolean } {
  const call = isAttached ? 'SharedXArray.attach' : 'new SharedXArray';
  const known = isAttached ? ATTACH_KEYS : `alloc, capacity, ${ATTACH_KEYS}`;
  const { owner, timeoutMs = DEFAULT_TIMEOUT_MS, lockFreeReads = true } = checkKeys(call, 'options', options, known);
  if (owner !== undefined) checkOwner(call, owner);
  if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0))
    throw refused(call, 'timeoutMs', timeoutMs, 'milliseconds, 0 or more');
  if (typeof lockFreeReads !== 'boolean') throw refused(call, 'lockFreeReads', lockFreeReads, 'true or false');
  return { timeoutMs, lockFree: lockFreeReads };
}

/** @throws RangeError for what cannot be the number of a thread. */
export function checkOwner(call: string, owner: number): void {
  if (!Number.isInteger(owner) || owner < 1 || owner > OWNERS) {
    throw refused(call, 'owner', owner, `an integer 1…${OWNERS}`);
  }
}

/** The error of `from` for an option that the constructor has refused; any other error as it is. */
export function refusedBy(call: string, error: unknown): unknown {
  const { argument, got, expected } = error as Refusal;
  return error instanceof RangeError && argument !== undefined ? refusal(call, argument, got, expected) : error;
}
