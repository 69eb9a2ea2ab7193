// A thread's attachment to a shared array: the memory, its number among the owners, the writers' lock, and repair after a death.
import { type Alive, holderOf, lockWord, Roster, readOrdered, tryLockWord, unlockWord } from '@idspace/lock';
import { refused } from '../misuse.ts';
import { BUSY, DAMAGED, LOCK, OWNERS, ROSTER, SEAT_SHIFT, SEATED, SEATS, SLOTS, seatOf } from './layout.ts';
import { allocate, checkOwner, inspectMemory, type SharedXArrayOptions } from './options.ts';
import { SharedTree, seatedIn } from './shared-tree.ts';
import { lockTimeout, SharedXArrayError } from './shared-xarray-error.ts';

const BURY = 'SharedXArray.bury';
/** Looks at a thread that changes a leaf, before asking whether it lives and sleeping. */
const LOOKS = 100;
/** How long `bury` waits for the lock, milliseconds: long for a call, short for the thread that is told of all ends. */
const BURIAL_MS = 100;
/** A thread that was interrupted amid a change is looked at again so often, milliseconds. */
const NAP_MS = 1;

/** One thread's attachment to a shared array; what its calls do with it is the business of SharedXArray. */
export class Attachment {
  /** The memory. */
  readonly handle: SharedArrayBuffer;
  /** Number of this thread among those attached, 1…64. */
  readonly owner: number;
  /** Int32Array over the words before the slots. */
  readonly header: Int32Array;
  /** Offset of this owner's seat. */
  readonly seat: number;
  /** This thread's view of the tree; between `enter` and `leave`. */
  readonly tree: SharedTree;
  private readonly roster: Roster;
  private readonly alive: Alive;
  private readonly timeoutMs: number;
  private attached = true;

  /** Attaches this thread to a shared array, or to a new one if there is no handle. */
  constructor(options: SharedXArrayOptions, timeoutMs: number, handle?: SharedArrayBuffer) {
    this.handle = handle ?? allocate(options);
    const { alloc } = inspectMemory(this.handle);
    this.header = new Int32Array(this.handle, 0, SLOTS);
    this.tree = new SharedTree(this.handle, alloc);
    this.timeoutMs = timeoutMs;
    const roster = new Roster(this.header, ROSTER, OWNERS);
    this.roster = roster;
    // A number that no thread can have got into a lock by other means than these calls.
    this.alive = (owner) => (owner > OWNERS ? false : roster.alive(owner));
    this.owner = roster.join(options.owner);
    if (this.owner === 0) throw noSeat(options.owner);
    this.seat = seatOf(this.owner);
    raise(this.header, SEATED, this.owner);
  }

  /** See SharedXArray.bury. */
  bury(owner: number): boolean {
    checkOwner(BURY, owner);
    if (!this.attached) throw detached();
    if (owner === this.owner) throw refused(BURY, 'owner', owner, 'another than this thread');
    if (!this.roster.bury(owner) && !this.roster.dead(owner)) return false;
    try {
      this.enter(Math.min(this.timeoutMs, BURIAL_MS));
    } catch (error) {
      if (error instanceof SharedXArrayError && error.code === 'lock-timeout') return true;
      throw error;
    }
    try {
      for (let seat = 1; seat <= OWNERS; seat++) if (this.roster.dead(seat)) this.roster.leave(seat);
    } finally {
      this.leave();
    }
    return true;
  }

  /** Gives this thread's number back; returns whether it had one. */
  detach(): boolean {
    if (!this.attached) return false;
    this.attached = false;
    this.roster.leave(this.owner);
    return true;
  }

  /** Takes the lock, waits until no leaf is being changed, and fetches what other threads have changed. */
  enter(timeoutMs: number = this.timeoutMs): SharedTree {
    const { header, owner, tree } = this;
    if (!this.attached) throw detached();
    if (tryLockWord(header, LOCK, owner) === false) this.waitForLock(timeoutMs);
    let busy = 0;
    for (let seat = SEATS, end = seatOf(seatedIn(header) + 1); seat < end; seat += 1 << SEAT_SHIFT) {
      busy |= readOrdered(header, seat);
    }
    if (busy !== 0) this.waitForChanges(timeoutMs);
    if (header[DAMAGED] !== 0) tree.repair();
    tree.enter();
    return tree;
  }

  /** Shows other threads what this one has changed, and gives the lock back. */
  leave(): void {
    try {
      this.tree.leave();
    } finally {
      unlockWord(this.header, LOCK, this.owner);
    }
  }

  /** `leave` after a call that changed nothing. */
  leaveAsFound(): void {
    unlockWord(this.header, LOCK, this.owner);
  }

  private waitForLock(timeoutMs: number): void {
    const { header, owner, alive } = this;
    // This thread is in no call: an earlier one of its number ended amid one, or the word was written by other means.
    const isOwn = holderOf(header, LOCK) === owner;
    const outcome = isOwn ? 'owner-died' : lockWord(header, LOCK, owner, timeoutMs, alive);
    if (outcome === false) throw lockTimeout(holderOf(header, LOCK), timeoutMs);
    if (outcome === 'owner-died') header[DAMAGED] = 1;
  }

  /** Waits until no leaf is being changed: a few instructions, unless a thread was interrupted or killed amid them. */
  private waitForChanges(timeoutMs: number): void {
    const { header } = this;
    for (let owner = seatedIn(header); owner > 0; owner--) {
      if (this.outlast(owner, timeoutMs)) continue;
      unlockWord(header, LOCK, this.owner);
      throw lockTimeout(owner, timeoutMs);
    }
  }

  /** Waits until an owner is not BUSY any more, or dead; returns false if the time runs out. */
  private outlast(owner: number, timeoutMs: number): boolean {
    const { header } = this;
    const busy = seatOf(owner) | BUSY;
    let deadline = 0;
    for (let looks = 1; Atomics.load(header, busy) !== 0; looks++) {
      if (looks % LOOKS !== 0) continue;
      if (owner === this.owner || !this.alive(owner)) {
        header[DAMAGED] = 1;
        header[busy] = 0;
        return true;
      }
      const now = performance.now();
      if (deadline === 0) deadline = now + timeoutMs;
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

function detached(): SharedXArrayError {
  return new SharedXArrayError('detached', 'this: got an object that was detached, expected an attached one');
}

function noSeat(wanted: number | undefined): SharedXArrayError {
  const what = wanted === undefined ? `all ${OWNERS} taken` : `${wanted}, which is attached already`;
  return new SharedXArrayError('no-free-owner', `owner: got ${what}, expected a free one (detach, or bury the dead)`);
}
