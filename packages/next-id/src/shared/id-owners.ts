// IdOwners: which thread has each ID of a shared pool, a byte per ID, so that those of a dead thread can be found.
//
// An ID is taken by its bit; the owner's number follows. A thread that dies in between leaves an ID without an owner. To tell it from
// one that a living thread is just about to sign, every thread counts its calls in a seat, at the beginning and at the end:
// where no call was under way during a search, what has no owner has a dead one.

/** In a seat: its thread was buried. */
const BURIED = -1;
/** Searches for IDs without an owner, before they are left to the next burial. */
const TRIES = 3;

/** The owners of IDs, seen by one of the threads. */
export class IdOwners {
  /** Number of this thread, 1…owners; 0 if it has none. */
  readonly owner: number;
  /** Int32Array, a word per owner: calls begun and ended, from owner 1 on. */
  private readonly seats: Int32Array;
  /** Uint8Array, a byte per ID: its owner, 0 for none. */
  private readonly bytes: Uint8Array;

  /** @param start Element of `words` where the seats begin; the bytes follow them. */
  constructor(words: Int32Array, start: number, ids: number, owners: number, owner: number) {
    this.owner = owner;
    this.seats = new Int32Array(words.buffer, start * 4, owners);
    this.bytes = new Uint8Array(words.buffer, (start + owners) * 4, ids);
    // The number of a thread that was buried comes again.
    if (owner !== 0) Atomics.compareExchange(this.seats, owner - 1, BURIED, 0);
  }

  /** Words that they take. */
  static lengthFor(ids: number, owners: number): number {
    return owners === 0 ? 0 : owners + Math.ceil(ids / 4);
  }

  /** Begins or ends a call that changes what this thread has. */
  count(): void {
    if (this.owner !== 0) Atomics.add(this.seats, this.owner - 1, 1);
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
    Atomics.store(this.seats, owner - 1, BURIED);
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
    const counts = Array.from(this.seats, (_, i) => Atomics.load(this.seats, i));
    return counts.every((count) => count === BURIED || (count & 1) === 0) ? counts : null;
  }
}
