// The memory of a LockTable: slots, each a lock and the key it is for, in chains by key.
//
// What is changed under the guard is done by a single store each time: a thread that ends between any two of them leaves a
// sound table, whatever it was at, so there is nothing to repair. A slot that is held stays where it is and keeps its key.
//
// Which chain a slot belongs in follows from its key: chains that lead in a circle, or nowhere, because the memory was written to outside
// of these calls, are made again.
//
//   a slot is taken by storing its holder, last of all · it changes chains by three stores: out, key, in
import { FREE, ORPHAN, OWNER } from './lock-word.ts';
import { refusal } from './misuse.ts';

/** In the table's first cache line: the guard. */
export const GUARD = 0;
/** What the memory is: "LT", and the version of this layout in the low byte; and how many slots there are. */
const LAYOUT = 2;
const COUNT = 5;
const MAGIC = 0x4c54_0002;
/** Counts up before and after a slot is moved from chain to chain: odd in between. */
const MOVES = 3;
/** Number of the slot that was given to a new key last. */
const HAND = 4;
/** The first slot. */
const SLOTS = 16;

/** In a slot: the lock. */
export const LOCK = 0;
/** The key: its owner's words, and ~ID; 0 there is no key. */
const LO = 1;
const HI = 2;
const TAG = 3;
/** Number of the next slot of the chain; 0 ends it. */
const NEXT = 4;
/** Which life of its thread number holds the lock. */
const LIFE = 5;
/** Number of the first slot of the chain of keys whose hash is this slot. */
const HEAD = 6;
const SLOT_SHIFT = 3;
/** Slots that the dead left are used again so many at a time, and not before so many were looked at for another, or half of all. */
const ORPHANS = 64;
/** Slots that are looked at for a free one before those that this handle gave back. */
const NEAR = 4;
/** Slots given back that a handle remembers, a power of two. */
const RECENT = 64;

/** Words of a table in all. */
export function wordsOf(slots: number): number {
  return SLOTS + (slots << SLOT_SHIFT);
}

/** Chains and slots; a slot is known by the offset of its lock, 0 is none. */
export class LockSlots {
  private readonly words: Int32Array;
  private readonly first: number;
  private readonly slots: number;
  /** Offset of slot 0: there is none, the first has number 1. */
  private readonly base: number;
  /** slots / 2³²: makes a hash the number of a chain. */
  private readonly scale: number;
  /** Int32Array, a ring: numbers of the slots that this handle gave back; 0 where none is, or it was tried since. */
  private readonly recent = new Int32Array(RECENT);
  /** Element of `recent` with the latest. */
  private latest = 0;

  /** @throws RangeError if the memory is another table's. */
  constructor(words: Int32Array, first: number, slots: number) {
    this.words = words;
    this.first = first;
    this.slots = slots;
    this.base = first + SLOTS - (1 << SLOT_SHIFT);
    this.scale = slots / 2 ** 32;
    this.checkMark(LAYOUT, MAGIC, 'layout');
    this.checkMark(COUNT, slots, 'slot count');
  }

  /** The slot that serves a key. Under the guard. */
  find(lo: number, hi: number, tag: number): number {
    const { words } = this;
    let left = this.slots;
    for (let number = words[this.homeOf(lo, hi, tag) + HEAD]; number !== 0; left--) {
      if (!this.isSlot(number) || left === 0) {
        this.rebuild();
        return this.find(lo, hi, tag);
      }
      const slot = this.slotAt(number);
      if (words[slot + TAG] === tag && words[slot + LO] === lo && words[slot + HI] === hi) return slot;
      number = words[slot + NEXT];
    }
    return 0;
  }

  /** Makes all chains of what the slots serve. Under the guard. */
  private rebuild(): void {
    const { words, first } = this;
    const moves = words[first + MOVES] | 1;
    Atomics.store(words, first + MOVES, moves);
    for (const slot of this.all()) words[slot + HEAD] = 0;
    this.all().forEach((slot, i) => {
      if (words[slot + TAG] === 0) return;
      const home = this.homeOf(words[slot + LO], words[slot + HI], words[slot + TAG]);
      words[slot + NEXT] = words[home + HEAD];
      words[home + HEAD] = i + 1;
    });
    Atomics.store(words, first + MOVES, (moves + 1) | 0);
  }

  private isSlot(number: number): boolean {
    return number > 0 && number <= this.slots;
  }

  /** Makes a slot that is not held serve a key that none serves; 0 if all are held. Under the guard. */
  make(lo: number, hi: number, tag: number): number {
    const { words, first } = this;
    const number = this.vacant();
    if (number === 0) return 0;
    const slot = this.slotAt(number);
    const moves = words[first + MOVES] | 1;
    Atomics.store(words, first + MOVES, moves);
    this.unlink(number, slot);
    words[slot + LO] = lo;
    words[slot + HI] = hi;
    words[slot + TAG] = tag;
    const home = this.homeOf(lo, hi, tag);
    words[slot + NEXT] = words[home + HEAD];
    words[home + HEAD] = number;
    Atomics.store(words, first + MOVES, (moves + 1) | 0);
    return slot;
  }

  /** Says in a slot which life of its thread is about to take it, or already has. Under the guard. */
  claim(slot: number, life: number): void {
    this.words[slot + LIFE] = life;
  }

  /** Remembers a slot that this handle gave back, for when free ones are far between. */
  gaveBack(slot: number): void {
    this.latest = (this.latest + 1) % RECENT;
    this.recent[this.latest] = (slot - this.base) >> SLOT_SHIFT;
  }

  /** Whose the lock of a slot is: which life of the thread that holds it. */
  lifeOf(slot: number): number {
    return this.words[slot + LIFE];
  }

  /** The slot by which a thread holds a key: by its chain, or if others change that meanwhile, among all. No guard. */
  findHeld(lo: number, hi: number, tag: number, thread: number): number {
    const { words, slots } = this;
    let number = words[this.homeOf(lo, hi, tag) + HEAD];
    for (let steps = 0; this.isSlot(number) && steps < slots; steps++) {
      const slot = this.slotAt(number);
      if (this.isHeldBy(slot, thread) && this.serves(slot, lo, hi, tag)) return slot;
      number = words[slot + NEXT];
    }
    for (let slot = this.slotAt(1); slot < this.slotAt(slots + 1); slot += 1 << SLOT_SHIFT) {
      if (this.isHeldBy(slot, thread) && this.serves(slot, lo, hi, tag)) return slot;
    }
    return 0;
  }

  isHeldBy(slot: number, thread: number): boolean {
    return (Atomics.load(this.words, slot + LOCK) & OWNER) === thread;
  }

  serves(slot: number, lo: number, hi: number, tag: number): boolean {
    const { words } = this;
    return words[slot + TAG] === tag && words[slot + LO] === lo && words[slot + HI] === hi;
  }

  /** The thread that holds a key at one moment, 0 if none does. No guard. */
  holderOf(lo: number, hi: number, tag: number): number {
    const { words, first, slots } = this;
    const home = this.homeOf(lo, hi, tag);
    const moves = Atomics.load(words, first + MOVES);
    let number = Atomics.load(words, home + HEAD);
    for (let steps = 0; this.isSlot(number) && steps < slots; steps++) {
      const slot = this.slotAt(number);
      const holder = this.holderIf(slot, lo, hi, tag);
      if (holder >= 0) return holder;
      number = Atomics.load(words, slot + NEXT);
    }
    if (number === 0 && (moves & 1) === 0 && Atomics.load(words, first + MOVES) === moves) return 0;
    // Slots were moved while the chain was read, or it is none; those that are held stay.
    for (const slot of this.all()) if (this.holderIf(slot, lo, hi, tag) > 0) return this.holderIf(slot, lo, hi, tag);
    return 0;
  }

  /** All slots, in order of storage. */
  all(): number[] {
    return Array.from({ length: this.slots }, (_, i) => this.slotAt(i + 1));
  }

  /** The key a slot serves: its owner's words (u32) and its ID. */
  keyOf(slot: number): [ownerLo: number, ownerHi: number, id: number] {
    const { words } = this;
    return [words[slot + LO] >>> 0, words[slot + HI] >>> 0, ~words[slot + TAG]];
  }

  /** The thread that holds a slot if it serves a key, 0 for none, −1 if it does not serve it. No guard. */
  private holderIf(slot: number, lo: number, hi: number, tag: number): number {
    const { words } = this;
    if (!this.serves(slot, lo, hi, tag)) return -1;
    const holder = Atomics.load(words, slot + LOCK) & OWNER;
    // It may have been given to another key in between.
    return this.serves(slot, lo, hi, tag) ? holder : -1;
  }

  /**
   * The number of a slot that is not held, 0 if all are held: from where the last one was found, so that keys last used keep
   * theirs longest. Where free slots are far between, those that this handle gave back are nearer: so the looks do not grow with
   * the slots that are held.
   *
   * A slot that the dead left still tells its key's next taker of the death: it is used where others are too far to seek.
   */
  private vacant(): number {
    const { words, first, slots } = this;
    const far = Math.max(ORPHANS, slots >> 1);
    let number = words[first + HAND];
    let orphan = 0;
    for (let looks = 0; looks < slots && (orphan === 0 || looks < far); looks++) {
      // Two share a cache line: every other one, then the rest, so that in a table that is not half full no two threads share one.
      number = number >= 0 && number + 2 <= slots ? number + 2 : (number & 1) === 1 && slots > 1 ? 2 : 1;
      // A plain read will do: under the guard, no other thread takes a slot; one that was given back just now may look held.
      const word = words[this.slotAt(number) + LOCK];
      if (word === FREE) {
        words[first + HAND] = number;
        return number;
      }
      if (word === ORPHAN && orphan === 0) orphan = number;
      if (looks === NEAR - 1) {
        const near = this.takeRecent();
        if (near !== 0) return near;
      }
    }
    if (orphan !== 0) this.forget(orphan);
    return orphan;
  }

  /** The number of the slot given back last that is not held, 0 if there is none; each is tried once. */
  private takeRecent(): number {
    const { words, recent } = this;
    for (let number = recent[this.latest]; number !== 0; number = recent[this.latest]) {
      recent[this.latest] = 0;
      this.latest = (this.latest + RECENT - 1) % RECENT;
      if (words[this.slotAt(number) + LOCK] === FREE) return number;
    }
    return 0;
  }

  /** Frees slots that the dead left, from one on: several, so that the search that found no others was not for one alone. */
  private forget(orphan: number): void {
    const { words, slots } = this;
    for (let number = orphan, left = ORPHANS; number <= slots && left > 0; number++) {
      const lock = this.slotAt(number) + LOCK;
      if (Atomics.load(words, lock) !== ORPHAN) continue;
      Atomics.store(words, lock, FREE);
      left--;
    }
    words[this.first + HAND] = orphan;
  }

  /** Takes a slot out of the chain of the key it served, if it is in one. Under the guard. */
  private unlink(number: number, slot: number): void {
    const { words } = this;
    if (words[slot + TAG] === 0) return;
    let link = this.homeOf(words[slot + LO], words[slot + HI], words[slot + TAG]) + HEAD;
    for (let left = this.slots; words[link] !== number; left--) {
      // A thread that ended amid a move left it in no chain.
      if (!this.isSlot(words[link]) || left === 0) return;
      link = this.slotAt(words[link]) + NEXT;
    }
    words[link] = words[slot + NEXT];
  }

  /** The slot whose chain a key belongs to. */
  private homeOf(lo: number, hi: number, tag: number): number {
    const mixed = Math.imul(lo ^ Math.imul(hi, 0x85eb_ca6b) ^ Math.imul(tag, 0x61c8_8647), 0xc2b2_ae35);
    return this.slotAt(1 + ((((mixed ^ (mixed >>> 15)) >>> 0) * this.scale) | 0));
  }

  private slotAt(number: number): number {
    return this.base + (number << SLOT_SHIFT);
  }

  /** Marks the memory as this table's, or finds it marked. */
  private checkMark(word: number, mark: number, what: string): void {
    const found = Atomics.compareExchange(this.words, this.first + word, 0, mark);
    if (found === 0 || found === mark) return;
    throw refusal('new LockTable', 'words', `a table of ${what} ${found}`, `one of ${what} ${mark}, or zeroed words`);
  }
}
