// quarantine, unquarantine and quarantined: IDs of an IdPool that rest for a time of their own. Functions, as for snapshots.
import type { IdPool } from './id-pool.ts';
import { checkInteger } from './misuse.ts';
import { checkPool } from './pool-words.ts';
import { INT_MAX } from './range.ts';

/** IDs that rest, and how long. */
export class Keeper {
  /** IDs freed since the first one came to rest. */
  private frees = 0;
  /** By offset: what `frees` will be when it may be handed out again; Infinity until `unquarantine`. */
  readonly until: Map<number, number> = new Map();
  /** By that number: the offsets, some of which may have come back since. */
  private readonly due: Map<number, number[]> = new Map();
  /** Private at run time, so that JSON of the pool meets no circle. */
  readonly #pool: IdPool;

  constructor(pool: IdPool) {
    this.#pool = pool;
  }

  /** How many more IDs must be freed before an offset may be handed out; Infinity until `unquarantine`. */
  left(until: number): number {
    return until - this.frees;
  }

  /** Lets an offset rest whose bit is set. Whatever needs memory comes first. */
  keep(offset: number, frees: number): void {
    const until = this.frees + frees;
    if (frees !== Number.POSITIVE_INFINITY) {
      const row = this.due.get(until);
      if (row === undefined) this.due.set(until, [offset]);
      else row.push(offset);
    }
    this.until.set(offset, until);
    this.#pool.resting[offset >>> 5] |= 1 << offset;
    this.#pool.held++;
  }

  /** Lets an offset go; false if it does not rest here. */
  letGo(offset: number): boolean {
    if (!this.until.delete(offset)) return false;
    const pool = this.#pool;
    pool.resting[offset >>> 5] &= ~(1 << offset);
    pool.release(offset);
    pool.held--;
    return true;
  }

  /** An ID was freed. */
  freed(): void {
    const row = this.due.get(++this.frees);
    if (row === undefined) return;
    this.due.delete(this.frees);
    // What came back may rest again, for another time.
    for (const offset of row) if (this.until.get(offset) === this.frees) this.letGo(offset);
  }
}

/**
 * Gives an ID back that is not to be handed out for a while: it is free after `frees` more IDs were freed, or {@link unquarantine} ends its rest.
 *
 * `has` is false for it, `allocate` and `reserve` do not take it, and `clear` forgets that it rests. A snapshot keeps it.
 *
 * @param pool The pool.
 * @param id Any value; of what is not an ID, text such as `'3'` included, it returns false, as `free` does.
 * @param frees IDs that must be freed after it, 1…2³¹−1. Default: it rests until `unquarantine`.
 * @returns True if it was taken, false if not.
 * @throws RangeError for anything but a pool, or a bad number of frees.
 *
 * Cost: as `free`, and an entry in a Map while it rests; the first one in a pool makes a bit for each ID of the bitmap.
 */
export function quarantine(pool: IdPool, id: number, frees: number = Number.POSITIVE_INFINITY): boolean {
  checkPool('quarantine', pool);
  if (frees !== Number.POSITIVE_INFINITY) checkInteger('quarantine', 'frees', frees, 1, INT_MAX);
  if (!pool.has(id)) return false;
  if (pool.resting.length === 0) pool.resting = new Int32Array(pool.leaves);
  const keeper = keeperOf(pool);
  keeper.keep(id - pool.min, frees + 1);
  pool.taken--;
  // It counts as freed for those that rest already, and is counted off its own time.
  keeper.freed();
  return true;
}

/**
 * Ends the rest of an ID that {@link quarantine} gave back: it is free now.
 *
 * @param pool The pool.
 * @param id Any number.
 * @returns False if it does not rest there.
 * @throws RangeError for anything but a pool.
 */
export function unquarantine(pool: IdPool, id: number): boolean {
  const keeper = checkPool('unquarantine', pool).keeper as Keeper | undefined;
  return typeof id === 'number' && (keeper?.letGo(id - pool.min) ?? false);
}

/**
 * Lists the IDs that rest since {@link quarantine}, and how many more must be freed before each is free.
 *
 * @returns `[id, frees]`, ascending; Infinity for an ID that rests until `unquarantine`.
 * @throws RangeError for anything but a pool.
 */
export function quarantined(pool: IdPool): [id: number, frees: number][] {
  const keeper = checkPool('quarantined', pool).keeper as Keeper | undefined;
  if (keeper === undefined) return [];
  return [...keeper.until]
    .sort(([a], [b]) => a - b)
    .map(([offset, until]): [number, number] => [pool.min + offset, keeper.left(until)]);
}

/** The keeper of a pool, which it gets when the first ID comes to rest. */
export function keeperOf(pool: IdPool): Keeper {
  pool.keeper ??= new Keeper(pool);
  return pool.keeper as Keeper;
}
