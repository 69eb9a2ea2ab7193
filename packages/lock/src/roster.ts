// Roster: who takes part in a piece of shared memory, and who of them has died.
import { integer, refused, sharedWords } from './refused.ts';

/** What a seat's word says. Zeroed memory is an empty roster. */
const EMPTY = 0;
const ALIVE = 1;
const DEAD = 2;

/**
 * Gives each thread that works on shared memory an owner number, and keeps who of them is alive.
 *
 * A thread cannot say that it has died: whoever sees its end (the worker's `exit` event) says `bury(owner)`, and the
 * robust locks that are asked through `alive` then let their takers inherit. The number comes back into use only with
 * `leave`, when nothing is held under it any more.
 *
 * Cost: one Int32 word per seat.
 */
export class Roster {
  /** How many can take part at once. */
  readonly seats: number;
  /** Int32Array over a SharedArrayBuffer, the caller's words. */
  private readonly words: Int32Array;
  /** Element before the word of owner 1. */
  private readonly base: number;

  /**
   * Makes a handle; the roster stays as it is.
   *
   * @param words Int32Array over a SharedArrayBuffer.
   * @param index Element of `words` where the roster begins.
   * @param seats Words it has, 1…words.length − index; owners are 1…seats.
   * @throws RangeError naming the argument, what was got and what is expected.
   */
  constructor(words: Int32Array, index: number, seats: number) {
    this.words = sharedWords(words);
    this.base = integer('index', index, 0, words.length - 1) - 1;
    this.seats = integer('seats', seats, 1, words.length - index);
  }

  /**
   * Takes a seat.
   *
   * @param owner The number wanted, 1…seats; the lowest free one unless given.
   * @returns The owner number, or 0 if that seat, or every seat, is taken.
   * @throws RangeError for no such seat.
   */
  join(owner?: number): number {
    const first = owner === undefined ? 1 : integer('owner', owner, 1, this.seats);
    const last = owner === undefined ? this.seats : first;
    for (let seat = first; seat <= last; seat++) {
      if (Atomics.compareExchange(this.words, this.base + seat, EMPTY, ALIVE) === EMPTY) return seat;
    }
    return 0;
  }

  /**
   * Gives a seat back, whether its thread lives or not. Nothing may be held under its number any more.
   *
   * @throws RangeError for no such seat, or an empty one.
   */
  leave(owner: number): void {
    const at = this.base + integer('owner', owner, 1, this.seats);
    if (Atomics.exchange(this.words, at, EMPTY) === EMPTY) throw refused('owner', owner, 'one that takes part');
  }

  /**
   * Says that the thread of an owner has ended without leaving.
   *
   * @returns True if it was alive until now; false if it was dead or had left.
   * @throws RangeError for no such seat.
   */
  bury(owner: number): boolean {
    const at = this.base + integer('owner', owner, 1, this.seats);
    return Atomics.compareExchange(this.words, at, ALIVE, DEAD) === ALIVE;
  }

  /** Says whether an owner takes part and was not buried: what robust locks ask. */
  alive(owner: number): boolean {
    return Atomics.load(this.words, this.base + owner) === ALIVE;
  }

  /** Says whether an owner was buried and has not left yet. */
  dead(owner: number): boolean {
    return Atomics.load(this.words, this.base + owner) === DEAD;
  }

  /** Number of seats taken, by the living and the dead. */
  get taken(): number {
    let taken = 0;
    for (let seat = 1; seat <= this.seats; seat++) {
      if (Atomics.load(this.words, this.base + seat) !== EMPTY) taken++;
    }
    return taken;
  }
}
