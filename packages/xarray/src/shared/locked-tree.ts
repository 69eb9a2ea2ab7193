// What is under SharedXArray: the memory, who is attached to it, the lock, and order after a death.
import { type Alive, holderOf, lockWord, Roster, tryLockWord, unlockWord } from '@idspace/lock';
import { SHOWN, showEntries } from '../inspect.ts';
import { badOption } from '../misuse.ts';
import { glance } from './glance.ts';
import {
  BUSY,
  COUNT,
  DAMAGED,
  LEVELS_MASK,
  LOCK,
  OWNERS,
  ROOT,
  ROSTER,
  SEAT_SHIFT,
  SEATED,
  SEATS,
  SLOTS,
  seatOf,
} from './layout.ts';
import { type AttachOptions, allocate, inspectMemory, readAttachOptions, type SharedXArrayOptions } from './options.ts';
import { countInSeats, SharedTree } from './shared-tree.ts';
import { lockTimeout, SharedXArrayError } from './shared-xarray-error.ts';

/** Looks at a thread that changes a leaf, before asking whether it lives and sleeping. */
const LOOKS = 100;
/** How long `bury` waits for the lock, milliseconds: long for a call, short for the thread that is told of all ends. */
const BURIAL_MS = 100;
/** A thread that was interrupted amid a change is looked at again so often, milliseconds. */
const NAP_MS = 1;

/** A tree in shared memory with its lock. What may be done with it is SharedXArray's business. */
export abstract class LockedTree {
  /** What to send to other threads, through postMessage or workerData; they pass it to `attach`. */
  readonly handle: SharedArrayBuffer;
  /** Number of this thread among those attached, 1…64. */
  readonly owner: number;

  /** Int32Array over the words before the slots. */
  protected header: Int32Array;
  /** Int32Array, shape [nodes × 64]: entries and child handles, and what readers go by in the anchor. */
  protected slots: Int32Array;
  /** Int32Array, shape [nodes × 16]: bitmaps, parent and place. */
  protected meta: Int32Array;
  /** slots.length − 1. */
  protected readonly mask: number;
  private readonly tree: SharedTree;
  private readonly roster: Roster;
  private readonly alive: Alive;
  private readonly patienceMs: number;
  private attached = true;
  /** Offset of this owner's seat. */
  protected readonly seat: number;
  /** Whether this thread may change leaves without the lock: where reads are lock-free, and until it is detached. */
  protected direct: boolean;

  /**
   * Makes an empty array and attaches this thread to it.
   *
   * @param options See SharedXArrayOptions.
   * @throws RangeError for an unknown option value, or when there is not so much memory.
   */
  constructor(options?: SharedXArrayOptions);
  /** @internal What `attach` does. */
  constructor(options: AttachOptions, handle: SharedArrayBuffer);
  constructor(options: SharedXArrayOptions = {}, handle?: SharedArrayBuffer) {
    const { patienceMs, lockFree } = readAttachOptions(options);
    this.handle = handle ?? allocate(options);
    const { alloc } = inspectMemory(this.handle);
    this.header = new Int32Array(this.handle, 0, SLOTS);
    this.tree = new SharedTree(this.handle, alloc);
    const { slots, meta } = this.tree.nodes;
    this.slots = slots;
    this.meta = meta;
    this.mask = slots.length - 1;
    this.patienceMs = patienceMs;
    if (!lockFree) this.load = this.loadLocked;
    const roster = new Roster(this.header, ROSTER, OWNERS);
    this.roster = roster;
    this.alive = (owner) => roster.alive(owner);
    this.owner = roster.join(options.owner);
    if (this.owner === 0) throw noSeat(options.owner);
    this.seat = seatOf(this.owner);
    this.direct = lockFree;
    raise(this.header, SEATED, this.owner);
  }

  /** Number of entries `find` returns: neither NULL nor reserved. Exact while nobody changes the array. */
  get size(): number {
    return Math.max((this.header[COUNT] + countInSeats(this.header)) | 0, 0);
  }

  /** Levels of nodes: 0 (empty, or a lone entry at index 0) … 6. */
  get height(): number {
    return this.slots[ROOT] & LEVELS_MASK;
  }

  /** Nodes in use. Lock: the writers'. */
  get nodeCount(): number {
    const tree = this.enter();
    try {
      return tree.nodeCount;
    } finally {
      this.leave();
    }
  }

  /** Bytes reserved for the array; the system gives them as they are first used. */
  get byteLength(): number {
    return this.handle.byteLength;
  }

  /**
   * Says that the worker of an owner has ended without `detach`, and puts in order what it left.
   *
   * A call that was under way happened or did not; an index it was about to free may stay reserved. Call it from the
   * worker's `exit` event. From now on other threads inherit the lock from it.
   *
   * If another thread does not give the lock back for 100 ms (it may have ended as well), what was left is put in order by
   * the next `bury` that gets it. Until then the number stays taken.
   *
   * @param owner The number of the worker's array object.
   * @returns False if no thread has that number (any more).
   * @throws RangeError for no number 1…64, or this thread's own; SharedXArrayError if this object was detached.
   *
   * Cost: O(1), O(nodes) if it held the lock. Lock: the writers'.
   */
  bury(owner: number): boolean {
    if (owner === this.owner && this.roster.alive(owner)) throw badOption('owner', 'another than this thread', owner);
    if (!this.roster.bury(owner) && !this.roster.dead(owner)) return false;
    try {
      this.enter(Math.min(this.patienceMs, BURIAL_MS));
    } catch (error) {
      if (error instanceof SharedXArrayError && error.code === 'LOCK_TIMEOUT') return true;
      throw error;
    }
    try {
      for (let seat = 1; seat <= OWNERS; seat++) if (this.roster.dead(seat)) this.roster.leave(seat);
    } finally {
      this.leave();
    }
    return true;
  }

  /**
   * Gives this thread's number back; `load` still works, anything that takes the lock throws.
   *
   * A worker that ends should call it; one that cannot must be buried.
   */
  detach(): void {
    if (!this.attached) return;
    this.attached = false;
    this.direct = false;
    this.roster.leave(this.owner);
  }

  abstract load(index: number): number;
  /** What `load` is where reads are not lock-free. */
  protected abstract loadLocked(index: number): number;

  /**
   * Shows size and the first entries, like a Map, as they can be seen without a lock: it never waits, and works after `detach`.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return showEntries('SharedXArray', this.size, glance(this.slots, SHOWN + 1));
  }

  /** Takes the lock, waits until no leaf is being changed, and fetches what other threads have changed. */
  protected enter(patienceMs: number = this.patienceMs): SharedTree {
    const { header, owner, tree } = this;
    if (!this.attached) throw new SharedXArrayError('DETACHED', 'this object was detached, expected an attached one');
    if (tryLockWord(header, LOCK, owner) === false) this.waitForLock(patienceMs);
    let busy = 0;
    for (let seat = SEATS, end = seatOf(header[SEATED] + 1); seat < end; seat += 1 << SEAT_SHIFT) busy |= header[seat];
    if (busy !== 0) this.waitForChanges(patienceMs);
    if (header[DAMAGED] !== 0) tree.repair();
    tree.enter();
    return tree;
  }

  /** Shows other threads what this one has changed, and gives the lock back. */
  protected leave(): void {
    this.tree.leave();
    unlockWord(this.header, LOCK, this.owner);
  }

  private waitForLock(patienceMs: number): void {
    const { header, owner, alive } = this;
    const outcome = lockWord(header, LOCK, owner, patienceMs, alive);
    if (outcome === false) throw lockTimeout(holderOf(header, LOCK), patienceMs);
    if (outcome === 'owner-died') header[DAMAGED] = 1;
  }

  /** Waits until no leaf is being changed: a few instructions, unless a thread was interrupted or killed amid them. */
  private waitForChanges(patienceMs: number): void {
    const { header } = this;
    for (let owner = header[SEATED]; owner > 0; owner--) {
      if (this.outlast(owner, patienceMs)) continue;
      unlockWord(header, LOCK, this.owner);
      throw lockTimeout(owner, patienceMs);
    }
  }

  /** Waits until an owner is not BUSY any more, or dead; returns false if the time runs out. */
  private outlast(owner: number, patienceMs: number): boolean {
    const { header } = this;
    const busy = seatOf(owner) | BUSY;
    let deadline = 0;
    for (let looks = 1; Atomics.load(header, busy) !== 0; looks++) {
      if (looks % LOOKS !== 0) continue;
      if (!this.alive(owner)) {
        header[DAMAGED] = 1;
        header[busy] = 0;
        return true;
      }
      const now = performance.now();
      if (deadline === 0) deadline = now + patienceMs;
      if (now >= deadline) return false;
      nap(header, busy);
    }
    return true;
  }
}

/** Makes a word at least as large as a value, also if others do so at the same time. */
function raise(words: Int32Array, index: number, value: number): void {
  for (let seen = Atomics.load(words, index); seen < value; ) {
    const now = Atomics.compareExchange(words, index, seen, value);
    if (now === seen) return;
    seen = now;
  }
}

/** Lets other threads run for a moment, unless a seat is free already. */
function nap(words: Int32Array, busy: number): void {
  try {
    Atomics.wait(words, busy, 1, NAP_MS);
  } catch {
    // The main thread of a page must not sleep: it looks on.
  }
}

function noSeat(wanted: number | undefined): SharedXArrayError {
  const what = wanted === undefined ? `all ${OWNERS} seats are taken` : `owner ${wanted} is attached already`;
  return new SharedXArrayError('OWNERS', `${what}, expected a free one (detach, or bury the dead)`);
}
