// Cursor: a place in an XArray, to go on from. What the kernel keeps in a struct xa_state.
// Reference: Linux lib/xarray.c, include/linux/xarray.h (v6.19), xas_load, xas_next, xas_find, xas_find_conflict, xas_pause.
import { firstOf, lastOf, orderAt } from './bounds.ts';
import type { Entries } from './entries.ts';
import { prepare } from './growth.ts';
import { clearMark, hasMark, markBitmap, setMark } from './marks.ts';
import { badEntry, badIndex, badOrder, badRange } from './misuse.ts';
import { CHUNK_MASK, CHUNK_SHIFT, MARK_COUNT, MAX_ENTRY, MAX_INDEX, MAX_ORDER } from './node-layout.ts';
import type { Entry, Index } from './searches.ts';
import { spanAround, storeRow } from './spans.ts';

/** Not on its index yet: the next step begins there (XAS_RESTART). */
const UNWALKED = 0;
/** On its index: the next step goes beyond it. */
const WALKED = 1;
/** Past the last entry (XAS_BOUNDS), or before the first. */
const ENDED = 2;

/**
 * Walks an array step by step, index by index or entry by entry; made by {@link XArray.cursor}.
 *
 * A cursor keeps an index, and the leaf it is in only as long as no node has come or gone. So the array may be changed in
 * any way between two calls, by the cursor, by others or by `clear` and `compact`: each call answers for the array as it is
 * then, at or after the cursor's index. What was stored behind it is not met, what was erased ahead is not either.
 *
 * Source: `struct xa_state`, include/linux/xarray.h, v6.19.
 */
export class Cursor {
  private readonly array: Entries;
  /** Where the cursor is. */
  private at: number;
  /** The target: what `store`, `findConflict` and `createRange` are about. */
  private first: number;
  private last: number;
  private state: number;
  /** First index of the entry `findConflict` met last, or −1. */
  private conflict: number;
  /** The leaf of index >>> 6 = key (`leaf` << 6), as it was found when the array's version was this. */
  private base: number;
  private key: number;
  private version: number;

  /**
   * Makes a cursor; {@link XArray.cursor} does the same.
   *
   * @throws RangeError for an index that is not a u32.
   */
  constructor(array: Entries, index: Index) {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex('XArray', 'cursor', index);
    this.array = array;
    this.at = index;
    this.first = index;
    this.last = index;
    this.state = UNWALKED;
    this.conflict = -1;
    this.base = 0;
    this.key = -1;
    this.version = 0;
  }

  /** Where the cursor is, 0…2³²−1. */
  get index(): Index {
    return this.at;
  }

  /** True after `find`, `findPrev`, `findMarked` or `pause` came to the end; a search then answers 0 until the cursor is moved or reset. */
  get ended(): boolean {
    return this.state === ENDED;
  }

  /** First index of the entry that `findConflict` met last, or −1. */
  get conflictIndex(): number {
    return this.conflict;
  }

  /**
   * Moves to an index, which is then the target too; the next step begins there.
   *
   * @param index 0…2³²−1.
   * @throws RangeError for an index that is not a u32.
   */
  set(index: Index): this {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex('Cursor', 'set', index);
    return this.setRange(index, index);
  }

  /**
   * Moves to the beginning of the 2^order aligned indices around an index, which become the target.
   *
   * @param index 0…2³²−1.
   * @param order 0…32.
   * @throws RangeError for a bad index or order.
   */
  setOrder(index: Index, order: number): this {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex('Cursor', 'setOrder', index);
    if (!Number.isInteger(order) || order < 0 || order > MAX_ORDER) throw badOrder('Cursor', 'setOrder', order);
    const { first, last } = spanAround(index, order);
    return this.setRange(first, last);
  }

  /**
   * Moves to the beginning of a range, which becomes the target.
   *
   * @param first 0…2³²−1.
   * @param last first…2³²−1.
   * @throws RangeError for a bad index, or when last < first.
   */
  setRange(first: Index, last: Index): this {
    if (typeof first !== 'number' || first >>> 0 !== first) throw badIndex('Cursor', 'setRange', first, 'first');
    if (typeof last !== 'number' || last >>> 0 !== last) throw badIndex('Cursor', 'setRange', last, 'last');
    if (last < first) throw badRange('Cursor', 'setRange', first, last);
    this.at = first;
    this.first = first;
    this.last = last;
    return this.reset();
  }

  /** Lets the next step begin at the index instead of after it. */
  reset(): this {
    this.state = UNWALKED;
    this.conflict = -1;
    return this;
  }

  /**
   * Reads the entry at the index.
   *
   * @returns The entry, or 0.
   *
   * Cost: one slot in the leaf met last, O(height) elsewhere.
   */
  load(): Entry {
    const { array, at } = this;
    this.state = WALKED;
    if (at >>> CHUNK_SHIFT !== this.key || array.version !== this.version) this.walk();
    return array.slots[this.base | (at & CHUNK_MASK)];
  }

  /**
   * Puts an entry over the target as {@link XArray.storeRange} does: one entry if that is 2ⁿ aligned indices, or else a row.
   *
   * After `next`, `prev`, `find`, `findPrev` or `findMarked` the target is the index they came to. 0 erases, in every kind of array.
   *
   * @param entry 0…2³¹−1.
   * @returns The first entry that was there, or 0.
   * @throws RangeError for a bad entry, or when 2²⁵ nodes are used up; then nothing has changed.
   */
  store(entry: Entry): Entry {
    if (typeof entry !== 'number' || (entry & MAX_ENTRY) !== entry) throw badEntry('Cursor', 'store', entry);
    const { array, first, last } = this;
    let old: number;
    if (first === last) {
      old = entry === 0 ? array.remove(first) : array.put(first, entry);
    } else {
      const found = array.find(first, last);
      old = found < 0 ? 0 : array.load(found);
      storeRow(array, first, last, entry);
    }
    this.state = WALKED;
    this.conflict = -1;
    return old;
  }

  /**
   * Goes to the next index, from 2³²−1 to 0, and reads there; a cursor that is not on its index yet reads without moving.
   *
   * @returns The entry, or 0: every index is met, those of a multi-index entry each.
   *
   * Cost: as {@link load}.
   */
  next(): Entry {
    if (this.state !== UNWALKED) this.moveTo((this.at + 1) >>> 0);
    return this.load();
  }

  /**
   * Goes to the index before, from 0 to 2³²−1, and reads there; a cursor that is not on its index yet reads without moving.
   *
   * It steps over every index, as the kernel's xas_prev does; {@link findPrev} goes to the entry before.
   *
   * @returns The entry, or 0.
   *
   * Cost: as {@link load}.
   */
  prev(): Entry {
    if (this.state !== UNWALKED) this.moveTo((this.at - 1) >>> 0);
    return this.load();
  }

  /**
   * Goes to the next entry, one at the index included if the cursor is not on it yet.
   *
   * At the end it moves to the first index not looked at (0 after 2³²−1) and has {@link ended}; `store` there appends.
   *
   * @param max Last index to look at, 0…2³²−1.
   * @returns The entry, or 0 if there is none up to `max`. Inside a multi-index entry the index stays as it is.
   * @throws RangeError for a bad index.
   *
   * Cost: O(height), mostly O(1).
   */
  find(max: Index = MAX_INDEX): Entry {
    if (typeof max !== 'number' || max >>> 0 !== max) throw badIndex('Cursor', 'find', max, 'max');
    if (this.state === ENDED) return 0;
    const from = this.begin();
    const index = from < 0 ? -1 : this.array.find(from, max);
    if (index >= 0) return this.arrive(index);
    this.moveTo(this.beyond(from, max));
    this.state = ENDED;
    return 0;
  }

  /**
   * Goes to the entry before, one at the index included if the cursor is not on it yet.
   *
   * It comes to a multi-index entry at its last index. At the end it moves to the first index not looked at (2³²−1 after 0)
   * and has {@link ended}.
   *
   * @param min Last index to look at, 0…2³²−1.
   * @returns The entry, or 0 if there is none down to `min`. Inside a multi-index entry the index stays as it is.
   * @throws RangeError for a bad index.
   *
   * Cost: O(height), mostly O(1).
   */
  findPrev(min: Index = 0): Entry {
    if (typeof min !== 'number' || min >>> 0 !== min) throw badIndex('Cursor', 'findPrev', min, 'min');
    if (this.state === ENDED) return 0;
    const from = this.state === UNWALKED ? this.at : firstOf(this.array, this.at) - 1;
    const index = from < 0 ? -1 : this.array.findLast(from, min);
    if (index >= 0) return this.arrive(index);
    this.moveTo(Math.min(from, min - 1) >>> 0);
    this.state = ENDED;
    return 0;
  }

  /**
   * Goes to the next entry with a mark, one at the index included if the cursor is not on it yet.
   *
   * From inside a multi-index entry it goes to the beginning of that. At the end of the marked entries it has {@link ended};
   * if there are more beyond `max` it stands, not on its index, just after `max` and can go on to a higher one.
   *
   * @param max Last index to look at, 0…2³²−1.
   * @param mark 0…2.
   * @returns The entry, or 0 if there is none up to `max`.
   * @throws RangeError for a bad index or mark.
   *
   * Cost: O(height), mostly O(1).
   */
  findMarked(max: Index, mark: number): Entry {
    if (typeof max !== 'number' || max >>> 0 !== max) throw badIndex('Cursor', 'findMarked', max, 'max');
    markBitmap('Cursor', 'findMarked', mark);
    if (this.state === ENDED) return 0;
    const from = this.begin();
    const index = from < 0 ? -1 : this.array.find(from, MAX_INDEX, mark);
    if (index >= 0 && index <= max) return this.arrive(firstOf(this.array, index));
    this.moveTo(this.beyond(from, max));
    this.state = index < 0 ? ENDED : UNWALKED;
    return 0;
  }

  /**
   * Finds, call by call, the entries that reach into the target; the index stays.
   *
   * @returns The next such entry, its beginning in {@link conflictIndex}, or 0 after the last; then it begins again.
   *
   * Cost: O(height), mostly O(1).
   */
  findConflict(): Entry {
    const { array } = this;
    const from = this.conflict < 0 ? this.first : lastOf(array, this.conflict) + 1;
    const index = from > this.last ? -1 : array.find(from, this.last);
    this.conflict = index < 0 ? -1 : firstOf(array, index);
    return index < 0 ? 0 : array.load(index);
  }

  /**
   * Makes room for all nodes that single entries all over the target would need.
   *
   * Stores there then cannot fail, as long as none elsewhere takes the room. Entries in the target stay as they are.
   *
   * @throws RangeError when 2²⁵ nodes are not enough; then nothing has changed.
   *
   * Cost: O(nodes in the target).
   */
  createRange(): void {
    prepare(this.array, this.first, this.last);
    this.at = this.first;
  }

  /** Moves past the entry the cursor is on, and lets the next step begin there; after the last index it has {@link ended}. */
  pause(): void {
    if (this.state !== WALKED) return;
    const from = this.begin();
    this.moveTo(Math.max(from, 0));
    this.state = from < 0 ? ENDED : UNWALKED;
  }

  /** Tells the order of the entry that `findConflict` met last, or else of that at the index. */
  getOrder(): number {
    return orderAt(this.array, this.conflict < 0 ? this.at : this.conflict);
  }

  /**
   * Reads a mark of the entry at the index.
   *
   * @param mark 0…2.
   * @throws RangeError for a bad mark.
   */
  getMark(mark: number): boolean {
    return hasMark(this.array, this.at, markBitmap('Cursor', 'getMark', mark));
  }

  /**
   * Sets a mark of the entry at the index.
   *
   * @param mark 0…2.
   * @throws RangeError for a bad mark.
   */
  setMark(mark: number): void {
    setMark(this.array, this.at, markBitmap('Cursor', 'setMark', mark));
  }

  /**
   * Clears a mark of the entry at the index.
   *
   * @param mark 0…2.
   * @throws RangeError for a bad mark.
   */
  clearMark(mark: number): void {
    clearMark(this.array, this.at, markBitmap('Cursor', 'clearMark', mark));
  }

  /** Clears all marks of the entry at the index. */
  initMarks(): void {
    for (let mark = 0; mark < MARK_COUNT; mark++)
      clearMark(this.array, this.at, markBitmap('Cursor', 'initMarks', mark));
  }

  /** Returns the line that `console.log` shows, for JSON.stringify: nothing reads it back. */
  toJSON(): string {
    if (this.state === ENDED) return `Cursor(${this.at}, ended)`;
    return this.state === UNWALKED ? `Cursor(${this.at})` : `Cursor(${this.at} => ${this.array.load(this.at)})`;
  }

  /**
   * Shows where it is.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toJSON();
  }

  /** Remembers the leaf of the index. An entry in the head is in none: index 0 is not where those beside it are. */
  private walk(): void {
    this.base = this.array.leafAt(this.at) << CHUNK_SHIFT;
    this.key = this.array.height === 0 ? -1 : this.at >>> CHUNK_SHIFT;
    this.version = this.array.version;
  }

  private moveTo(index: number): void {
    this.at = index;
    this.first = index;
    this.last = index;
    this.conflict = -1;
  }

  private arrive(index: number): Entry {
    this.moveTo(index);
    return this.load();
  }

  /** Where the next search begins: at the index, or after the entry the cursor is on; −1 after the last index. */
  private begin(): number {
    if (this.state === UNWALKED) return this.at;
    const last = this.array.multi === 0 ? this.at : lastOf(this.array, this.at);
    return last === MAX_INDEX ? -1 : last + 1;
  }

  /** The first index a search did not look at, because it is beyond `max` or because the tree does not reach so far. */
  private beyond(from: number, max: number): number {
    const end = Math.min(max + 1, 64 ** this.array.height);
    return from < 0 ? 0 : Math.max(from, end) >>> 0;
  }
}
