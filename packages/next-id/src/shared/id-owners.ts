// IdOwners: which thread has each ID of a shared pool, a byte per ID, so that those of a dead thread can be found.
//
// An ID is taken by its bit; the owner's number follows. A thread that dies in between leaves an ID without an owner. To tell it from
// one that a living thread is just about to sign, every thread counts its calls in a seat, at the beginning and at the end:
// where no call was under way during a search, what has no owner has a dead one.

/** A seat is on a cache line of its own: its thread writes it twice a call. */
const SEAT_SHIFT = 4;
const SEAT_WORDS: number = 1 << SEAT_SHIFT;
/** Searches for IDs without an owner, before they are left to the next burial. */
const TRIES = 3;

/** The owners of IDs, seen by one of the threads. */
export class IdOwners {
  /** Number of this thread, 1…owners; 0 if it has none. */
  readonly owner: number;
  /** Int32Array, shape [owners × 16]: in the first word calls begun and ended, odd amid one, from owner 1 on. It wraps. */
  private readonly seats: Int32Array;
  /** Uint8Array, a byte per ID: its owner, 0 for none. */
  private readonly bytes: Uint8Array;

  /** @param start Element of `words` where the seats may begin, at the next cache line; the bytes follow them. */
  constructor(words: Int32Array, start: number, ids: number, owners: number, owner: number) {
    this.owner = owner;
    const seats = nextLine(start);
    this.seats = new Int32Array(words.buffer, seats * 4, owners << SEAT_SHIFT);
    this.bytes = new Uint8Array(words.buffer, (seats + (owners << SEAT_SHIFT)) * 4, ids);
  }

  /** Words that they take from `start` on. */
  static lengthFor(start: number, ids: number, owners: number): number {
    return owners === 0 ? 0 : nextLine(start) - start + (owners << SEAT_SHIFT) + Math.ceil(ids / 4);
  }

  /** Begins or ends a call that changes what this thread has. */
  count(): void {
    if (this.owner !== 0) Atomics.add(this.seats, seatOf(this.owner), 1);
  }

  /** Signs an ID that this thread has just taken. */
  sign(bit: number): void {
    Atomics.store(this.bytes, bit, this.owner);
  }

  /** Takes the signature off an ID that is about to be free. */
  clear(bit: number): void {
    Atomics.store(this.bytes, bit, 0);
  }

  /** The IDs of an owner, ascending. */
  of(owner: number): number[] {
    const { bytes } = this;
    const bits: number[] = [];
    for (let bit = bytes.indexOf(owner); bit >= 0; bit = bytes.indexOf(owner, bit + 1)) bits.push(bit);
    return bits;
  }

  /** Says that an owner has ended: it is in no call. */
  bury(owner: number): void {
    const { seats } = this;
    const seat = seatOf(owner);
    const calls = Atomics.load(seats, seat);
    // If it is another by now, so did another thread.
    if ((calls & 1) !== 0) Atomics.compareExchange(seats, seat, calls, (calls + 1) | 0);
  }

  /** IDs that are taken and that no living thread has or is about to sign; none if there is no moment without a call. */
  unsigned(isTaken: (bit: number) => boolean): number[] {
    for (let tries = TRIES; tries > 0; tries--) {
      const before = this.calls();
      if (before === null) continue;
      const bits = this.of(0).filter(isTaken);
      if (this.calls()?.join() === before.join()) return bits;
    }
    return [];
  }

  /** The seats; null if a call is under way. */
  private calls(): number[] | null {
    const { seats } = this;
    const counts = Array.from({ length: seats.length >> SEAT_SHIFT }, (_, i) => Atomics.load(seats, i << SEAT_SHIFT));
    return counts.every((count) => (count & 1) === 0) ? counts : null;
  }
}

/** Element of `seats` that is an owner's. */
function seatOf(owner: number): number {
  return (owner - 1) << SEAT_SHIFT;
}

/** The first word of a cache line from one on. */
function nextLine(word: number): number {
  return Math.ceil(word / SEAT_WORDS) * SEAT_WORDS;
}
