// Roster: which threads take part in a piece of shared memory, and which of them have died.
import { checkInteger, checkWords, refused } from './misuse.ts';
import { showAs } from './shown.ts';
import { UNCLONEABLE } from './uncloneable.ts';

/** The low bits of a seat's word say which kind of thread sits there; zeroed memory is an empty roster. */
const STATE = 3;
/** No thread sits there; the last one, if any, left by itself. */
const EMPTY = 0;
const ALIVE = 1;
const DEAD = 2;
/** No thread sits there; the last one was buried. */
const GONE = 3;
/** The bits above count the threads that have ever sat there. */
const GENERATION_SHIFT = 2;
const ONE_GENERATION = 1 << GENERATION_SHIFT;

/**
 * Gives each thread that works on shared memory an owner number, and records which of them are alive.
 *
 * A thread cannot say that it has died: the thread that sees its end (the worker's `exit` event) says `bury(owner)`, and
 * robust locks that ask `alive` then let their takers inherit. The number comes back into use only with `leave`, when
 * nothing is held under it any more. A roster answers for its own seats: of other numbers it knows nothing, and says so.
 *
 * Cost: one Int32 word per seat.
 */
export class Roster {
  /** @internal */
  readonly uncloneable: symbol = UNCLONEABLE;
  /** How many can take part at the same time. */
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
    this.words = checkWords('new Roster', words);
    this.base = checkInteger('new Roster', 'index', index, 0, words.length - 1) - 1;
    this.seats = checkInteger('new Roster', 'seats', seats, 1, words.length - index);
    showAs(this, () => `size: ${this.size}, seats: ${seats}`);
  }

  /**
   * Takes a seat.
   *
   * @param owner The number wanted, 1…seats; the lowest free one unless given.
   * @returns The owner number, or 0 if that seat, or every seat, is taken.
   * @throws RangeError for no such seat.
   */
  join(owner?: number): number {
    const first = owner === undefined ? 1 : this.seatOf('Roster.join', owner);
    const last = owner === undefined ? this.seats : first;
    for (let seat = first; seat <= last; seat++) {
      const isTaken = (state: number): boolean => state === ALIVE || state === DEAD;
      const word = this.change(seat, (word) => (isTaken(word & STATE) ? word : seated(word)));
      if (!isTaken(word & STATE)) return seat;
    }
    return 0;
  }

  /**
   * Gives a seat back, whether its thread lives or not. Nothing may be held under its number any more.
   *
   * @param owner The seat, 1…seats.
   * @param generation Whose: what `generation(owner)` was. Any thread that sits there, unless given.
   * @throws RangeError for no such seat, an empty one, or one where another generation sits by now.
   */
  leave(owner: number, generation?: number): void {
    const word = this.change(this.seatOf('Roster.leave', owner), (word) =>
      isOf(word, generation) ? (word & ~STATE) | ((word & STATE) === DEAD ? GONE : EMPTY) : word,
    );
    if (!isOf(word, generation)) throw refused('Roster.leave', 'owner', owner, 'one that takes part');
  }

  /**
   * Says that the thread of an owner has ended without leaving.
   *
   * @param owner The seat, 1…seats.
   * @param generation Whose: what `generation(owner)` was. Give it where the thread may have left by itself: the seat may be
   *   a living thread's by now.
   * @returns True if it was alive until now; false if it was dead, had left, or another generation sits there.
   * @throws RangeError for no such seat.
   */
  bury(owner: number, generation?: number): boolean {
    const lives = (word: number): boolean => (word & STATE) === ALIVE && isOf(word, generation);
    return lives(
      this.change(this.seatOf('Roster.bury', owner), (word) => (lives(word) ? (word & ~STATE) | DEAD : word)),
    );
  }

  /**
   * Tells whether an owner is alive; robust locks call this.
   *
   * @param owner Any number.
   * @returns True if it takes part and was not buried; false if it was buried, also after its seat was given back; undefined
   *   of a number that is not a seat, or of an empty seat whose last thread was not buried: such a number may be a living
   *   thread's that never joined, so locks leave alone what it holds.
   */
  alive(owner: number): boolean | undefined {
    const state = this.stateOf(owner);
    return state === EMPTY ? undefined : state === ALIVE;
  }

  /**
   * Tells whether an owner was buried and has not left yet.
   *
   * @param owner Any number.
   * @returns False also for a number that has no seat.
   */
  dead(owner: number): boolean {
    return this.stateOf(owner) === DEAD;
  }

  /**
   * Tells how many threads have sat on a seat up to now, modulo 2³⁰: the number of the one that sits there.
   *
   * @param owner The seat, 1…seats.
   * @throws RangeError for no such seat.
   */
  generation(owner: number): number {
    return Atomics.load(this.words, this.base + this.seatOf('Roster.generation', owner)) >>> GENERATION_SHIFT;
  }

  /** Number of seats taken, by the living and the dead. */
  get size(): number {
    let taken = 0;
    for (let seat = 1; seat <= this.seats; seat++) {
      const state = this.stateOf(seat);
      if (state === ALIVE || state === DEAD) taken++;
    }
    return taken;
  }

  private seatOf(call: string, owner: number): number {
    return checkInteger(call, 'owner', owner, 1, this.seats);
  }

  private stateOf(owner: number): number {
    if (!Number.isInteger(owner) || owner < 1 || owner > this.seats) return EMPTY;
    return Atomics.load(this.words, this.base + owner) & STATE;
  }

  /** Changes a seat's word in one step; returns what it was. */
  private change(seat: number, next: (word: number) => number): number {
    const { words, base } = this;
    for (let word = Atomics.load(words, base + seat); ; ) {
      const found = Atomics.compareExchange(words, base + seat, word, next(word));
      if (found === word) return word;
      word = found;
    }
  }
}

/** The word of a seat that a new thread takes. */
function seated(word: number): number {
  return ((word & ~STATE) + ONE_GENERATION) | ALIVE | 0;
}

/** Whether a thread sits there, of that generation if one is given. */
function isOf(word: number, generation: number | undefined): boolean {
  const state = word & STATE;
  if (state !== ALIVE && state !== DEAD) return false;
  return generation === undefined || word >>> GENERATION_SHIFT === generation;
}
