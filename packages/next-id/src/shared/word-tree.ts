// WordTree: which words of a shared bitmap are full, summed up level by level, for threads that take and clear bits without
// a lock and may die at any moment.
//
// A word of a level above sums up 8 words of the level below:
//   bits 0–7    child i is closed: nothing below it is clear
//   bits 8–15   pins: threads that are clearing a bit below, and those that died while they were; 255 stay 255
//   bits 16–31  counts the threads that have done so, and wraps
//
// The invariant, at every moment: what is closed has no clear bit below. So a search may skip it, and a root whose
// children are closed means that nothing is free. The reverse need not hold: what is full may be open, until a search
// comes by and closes it. And a summary with an open child is open in the one above, so that a thread that clears a bit
// there need not go further up: to open a child, for whatever reason, is to open what is above it first.
//
// Closing: read the summary, then see that the child is full, then set its bit if the summary is still what it was. A full
// word has a bit cleared only by a thread that has pinned its summary before: then the summary is another, and while it
// has pins nothing in it is closed. Clearing a bit of a full word: pin the summaries from below up to the first that has
// an open child, and so an open one above; open them from above down; clear the bit; take the pins away and count. A thread
// that dies leaves pins, and hence up to 8 words a level that stay open though full: a search looks into them in vain. A
// summary that comes to 255 pins keeps them, also those of the living: nothing in it is closed again.

/** What of a summary are its children, closed. */
const CLOSED = 0xff;
const CHILDREN_SHIFT = 3;
const CHILD_MASK: number = (1 << CHILDREN_SHIFT) - 1;
const PIN: number = 1 << 8;
/** As many pins as there can be. */
const PINS: number = 0xff << 8;
/** Takes a pin away and counts it. */
const UNPIN: number = (1 << 16) - PIN;

/** The summaries over the words of a bitmap. */
export class WordTree {
  /** Int32Array over all of the shared memory. */
  private readonly words: Int32Array;
  /** Where each level begins in `words`: the bitmap itself, then its summaries, the last one a word. */
  private readonly starts: number[];
  /** Words of each level. */
  private readonly lengths: number[];

  /**
   * Makes a handle; zeroed memory is a tree over a bitmap without a full word, once {@link initialise} was called.
   *
   * @param words Int32Array over a SharedArrayBuffer.
   * @param start Element where the bitmap begins; the summaries follow it.
   * @param length Words of the bitmap, 1….
   */
  constructor(words: Int32Array, start: number, length: number) {
    this.words = words;
    this.lengths = levelsOver(length);
    this.starts = [];
    let at = start;
    for (const words of this.lengths) {
      this.starts.push(at);
      at += words;
    }
  }

  /** Words that the bitmap and its summaries take. */
  static lengthFor(length: number): number {
    return levelsOver(length).reduce((sum, words) => sum + words);
  }

  /** Closes the children that do not exist, in memory that no other thread has seen yet. */
  initialise(): void {
    for (let level = 1; level < this.lengths.length; level++) {
      const children = this.lengths[level - 1] & CHILD_MASK;
      if (children !== 0) this.words[this.starts[level] + this.lengths[level] - 1] = CLOSED & (-1 << children);
    }
  }

  /**
   * Finds the first word of the bitmap from one on that is not closed; what it meets that is full it closes.
   *
   * @returns Its number, or −1.
   *
   * Cost: O(levels). Its reads are plain ones: another thread's changes of this very moment may be missed.
   */
  nextOpen(from: number): number {
    const { words, starts, lengths } = this;
    const top = lengths.length - 1;
    // From the beginning it is quicker to come from the top.
    let level = from === 0 ? top : 1;
    let child = from;
    for (;;) {
      // Up, to the first summary with an open child at or behind this one.
      if (child >= lengths[level - 1]) return -1;
      const node = child >>> CHILDREN_SHIFT;
      let open = ~words[starts[level] + node] & CLOSED & (-1 << (child & CHILD_MASK));
      if (open === 0) {
        if (level === top) return -1;
        child = node + 1;
        level++;
        continue;
      }
      // Down, to the first open child of each.
      child = (node << CHILDREN_SHIFT) | lowestBit(open);
      while (level > 1) {
        open = ~words[starts[level - 1] + child] & CLOSED;
        if (open === 0) break;
        level--;
        child = (child << CHILDREN_SHIFT) | lowestBit(open);
      }
      if (level === 1) return child;
      this.close(child, level);
      child++;
    }
  }

  /** Closes a child whose summary is at a level, if it is full, and its ancestors as far as that makes them so. */
  close(child: number, level = 1): void {
    for (let index = child, at = level; at < this.lengths.length; index >>>= CHILDREN_SHIFT, at++) {
      if (!this.closeOne(index, at)) return;
    }
  }

  /** Closes one child; false if it is not full, or a thread is clearing a bit below. */
  protected closeOne(child: number, level: number): boolean {
    const { words, starts } = this;
    const at = starts[level] + (child >>> CHILDREN_SHIFT);
    const bit = 1 << (child & CHILD_MASK);
    for (;;) {
      const seen = Atomics.load(words, at);
      if ((seen & PINS) !== 0 || !this.isFull(child, level - 1)) return false;
      if ((seen & bit) !== 0) return true;
      if (Atomics.compareExchange(words, at, seen, seen | bit) !== seen) continue;
      if (this.isFull(child, level - 1)) return true;
      // A bit was cleared since: by a thread that opens the child itself, or before, if the count has come round to what it was.
      // Others may have closed the summary above meanwhile, so that it does not do to open the child alone.
      this.unpin(child, level, this.open(child, level));
      return false;
    }
  }

  /** Clears bits of a word that was seen full; returns what the word was. */
  clearInFull(word: number, mask: number): number {
    const top = this.open(word, 1);
    const before = Atomics.and(this.words, this.starts[0] + word, ~mask);
    this.unpin(word, 1, top);
    return before;
  }

  /** Pins the summary of a child and those above as far as they are closed, and opens the child; returns the level of the last pin. */
  private open(child: number, level: number): number {
    const { words, starts, lengths } = this;
    const last = lengths.length - 1;
    let top = level;
    for (let node = child >>> CHILDREN_SHIFT; ; node >>>= CHILDREN_SHIFT, top++) {
      const before = this.add(starts[top] + node, PIN);
      if ((before & CLOSED) !== CLOSED || top === last) break;
    }
    for (let at = top; at >= level; at--) {
      const below = child >>> (CHILDREN_SHIFT * (at - level));
      Atomics.and(words, starts[at] + (below >>> CHILDREN_SHIFT), ~(1 << (below & CHILD_MASK)));
    }
    return top;
  }

  /** Takes the pins away that {@link open} has put from a level up to another. */
  private unpin(child: number, level: number, top: number): void {
    for (let at = level, node = child >>> CHILDREN_SHIFT; at <= top; at++, node >>>= CHILDREN_SHIFT) {
      this.add(this.starts[at] + node, UNPIN);
    }
  }

  /** Adds a pin to a summary, or takes one away, unless it has all that there can be; returns what it was. */
  protected add(at: number, change: number): number {
    const { words } = this;
    // A read that takes the line from the other cores: a plain one would fetch it to share, and the exchange again to write.
    let seen = Atomics.or(words, at, 0);
    while ((seen & PINS) !== PINS) {
      const found = Atomics.compareExchange(words, at, seen, (seen + change) | 0);
      if (found === seen) break;
      seen = found;
    }
    return seen;
  }

  private isFull(node: number, level: number): boolean {
    const word = Atomics.load(this.words, this.starts[level] + node);
    return level === 0 ? word === -1 : (word & CLOSED) === CLOSED;
  }
}

/** Words of each level: of the bitmap, and of its summaries up to one of a single word. */
function levelsOver(length: number): number[] {
  const levels = [length];
  do levels.push(Math.ceil(levels[levels.length - 1] / (1 << CHILDREN_SHIFT)));
  while (levels[levels.length - 1] > 1);
  return levels;
}

/** Position of the lowest 1 bit of a word that is not 0. */
function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
