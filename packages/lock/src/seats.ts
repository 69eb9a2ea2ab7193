// Seats: what each owner holds of something that several may hold at the same time, in a word per owner.
//
// The seats are all the truth there is: how much is left follows from them. A seat is raised under the guard, and lowered by its
// own thread, each by a single store: a thread that ends between any two of its steps leaves nothing to repair.
import { type Blocked, lineFor, makeLine, type Taker } from './line.ts';
import {
  type Alive,
  FREE,
  type LockOutcome,
  refuseLiving,
  releaseDead,
  releaseWord,
  tryLockWord,
} from './lock-word.ts';
import { checkFunction, checkInteger, checkWords, refusal, refused } from './misuse.ts';
import type { Patience } from './patience.ts';
import { LOOKS_BEFORE_SLEEP, maySleep, NAP_MS, sleepForWord, takeOrMark } from './sleep.ts';
import { rest } from './spin.ts';

/** A mutex, held for one pass over the seats. */
const GUARD = 0;
/** Counts whatever may let a waiter in: they sleep on it. */
const TURN = 1;
/** 1 while what was held by one that died waits for its repair. */
const DAMAGED = 2;
/** What the seats are for: of all handles the same. */
const MARK = 3;
/** The seat of owner 1 is the next word. */
const SEATS = 3;
const MOST_OWNERS = 1024;
/** How long `tryTake` waits for the guard, milliseconds: longer than a thread is usually interrupted amid a call. */
const TRY_MS = 5;

/** What an owner wants: how its seat changes, and what others may hold beside it. */
export interface Want {
  /** The call in errors. */
  readonly call: string;
  /** Whether it may be had beside what the others hold, `seats` of 1…owners. Under the guard. */
  admits(seats: readonly number[], owner: number): boolean;
  /** The seat once it is had. */
  take(seat: number): number;
  /** Bits of the seat that tell others of the wait. */
  readonly waiting: number;
  /** Whether the taker that is told of a death is the only one that is told. */
  readonly isToldAlone: boolean;
}

/** What the seats are for. */
export interface Purpose {
  /** Not 0: handles of another purpose on the same words are refused. */
  readonly mark: number;
  /** What `mark` is in errors, such as 'a semaphore of 3 permits'. */
  readonly name: string;
  /** Bits of the seat of one that died of which a taker is told. */
  readonly damage: number;
}

/** One thread's handle on the seats. */
export class Seats {
  readonly owner: number;
  readonly owners: number;
  readonly alive: Alive | undefined;
  private readonly words: Int32Array;
  private readonly index: number;
  private readonly damage: number;

  /** @returns Words that they take. */
  static wordsFor(call: string, owners: number): number {
    return SEATS + 1 + checkInteger(call, 'owners', owners, 1, MOST_OWNERS);
  }

  /** @throws RangeError naming the argument, what was got and what is expected. */
  constructor(
    call: string,
    [words, index, owners, owner]: readonly [words: Int32Array, index: number, owners: number, owner: number],
    alive: Alive | undefined,
    purpose: Purpose,
  ) {
    if (alive !== undefined) checkFunction(call, 'alive', alive);
    this.words = checkWords(call, words);
    const taken = Seats.wordsFor(call, owners);
    if (taken > words.length)
      throw refused(call, 'words.length', words.length, `at least ${taken} for ${owners} owners`);
    this.index = checkInteger(call, 'index', index, 0, words.length - taken);
    this.owners = owners;
    this.owner = checkInteger(call, 'owner', owner, 1, owners);
    this.alive = alive;
    this.damage = purpose.damage;
    const found = Atomics.compareExchange(words, index + MARK, 0, purpose.mark);
    if (found !== 0 && found !== purpose.mark)
      throw refusal(call, 'words', `those of another lock (${found})`, `${purpose.name}, or zeroed words`);
  }

  /** What an owner holds. */
  of(owner: number): number {
    return Atomics.load(this.words, this.index + SEATS + owner);
  }

  /** What all hold: of owner 1 at 1, and so on. */
  all(): number[] {
    return Array.from({ length: this.owners + 1 }, (_, owner) => (owner === 0 ? 0 : this.of(owner)));
  }

  /** Lowers this owner's seat, and lets waiters look. */
  lower(change: (seat: number) => number): void {
    // Only this thread changes it, unless it is thought dead.
    Atomics.store(this.words, this.index + SEATS + this.owner, change(this.of(this.owner)));
    this.wake();
  }

  /** Waits until what is wanted can be had. */
  wait(want: Want, deadline: number): LockOutcome {
    const { words, index } = this;
    let isTold = want.waiting === 0;
    for (let looks = 0, dead: number[] = []; ; looks++) {
      const turn = Atomics.load(words, index + TURN);
      if (!this.enters(want.call, deadline)) break;
      const taken = this.takeGuarded(want, dead);
      if (taken !== false) return taken;
      dead = dead.length > 0 ? [] : this.dead();
      if (dead.length > 0) continue;
      if (!isTold) {
        isTold = true;
        this.tell(want.waiting);
        continue;
      }
      const left = deadline - performance.now();
      if (!(left > 0)) break;
      if (maySleep()) Atomics.wait(words, index + TURN, turn, Math.min(left, NAP_MS));
      else rest(looks);
    }
    if (isTold) this.untell(want.waiting);
    return false;
  }

  /** Takes what is wanted if it can be had, and if the guard is free soon. */
  tryTake(want: Want): LockOutcome {
    const deadline = performance.now() + TRY_MS;
    if (!this.enters(want.call, deadline)) return false;
    const taken = this.takeGuarded(want, []);
    const dead = taken === false ? this.dead() : [];
    return dead.length > 0 && this.enters(want.call, deadline) ? this.takeGuarded(want, dead) : taken;
  }

  /** Waits without stopping the thread; the tasks of a thread that wait for the same seats do so in line. */
  async waitAsync(want: Want, patience: Patience): Promise<LockOutcome> {
    const { words, index } = this;
    const place = words.byteOffset + index * 4;
    const taker = this.taker(want);
    const taken = lineFor(words, place) ?? taker.take(0, this.alive);
    if (typeof taken !== 'object') return taken;
    if (patience.deadline > performance.now()) return makeLine(words, place).join(taker, patience);
    taker.giveUp?.();
    return false;
  }

  /** Frees what an owner that has ended held. Never waits. @returns Whether that was something. */
  bury(call: string, owner: number): boolean {
    const { words, index } = this;
    checkInteger(call, 'owner', owner, 1, this.owners);
    refuseLiving(call, owner, this.owner, this.alive);
    releaseDead(words, index + GUARD, owner, FREE);
    const seat = this.of(owner);
    this.vacate(owner);
    this.wake();
    return seat !== 0;
  }

  /** Says that what one that died had held is repaired. */
  repaired(): void {
    Atomics.store(this.words, this.index + DAMAGED, 0);
  }

  /** Takes the guard. */
  private enters(call: string, deadline: number): boolean {
    const { words, index, owner, alive } = this;
    return sleepForWord(call, words, index + GUARD, owner, deadline, alive, LOOKS_BEFORE_SLEEP) !== false;
  }

  private taker(want: Want): Taker {
    const { words, index, owner } = this;
    let isTold = want.waiting === 0;
    return {
      alive: this.alive,
      take: (mark, alive): true | 'owner-died' | Blocked => {
        for (let dead: number[] = []; ; ) {
          const turn = Atomics.load(words, index + TURN);
          if (!tryLockWord(words, index + GUARD, owner, alive)) {
            const value = takeOrMark(want.call, words, index + GUARD, owner, alive, mark);
            if (typeof value === 'number') return { index: index + GUARD, value };
          }
          const taken = this.takeGuarded(want, dead);
          if (taken !== false) return taken;
          dead = dead.length > 0 ? [] : this.dead(alive);
          if (dead.length > 0) continue;
          if (isTold) return { index: index + TURN, value: turn };
          isTold = true;
          this.tell(want.waiting);
        }
      },
      giveUp: () => {
        if (isTold) this.untell(want.waiting);
      },
    };
  }

  /** Takes what is wanted if it can be had. Under the guard, which it gives back. @param dead Owners that have died. */
  private takeGuarded(want: Want, dead: readonly number[]): LockOutcome {
    const { words, index, owner } = this;
    for (const one of dead) this.vacate(one);
    const isHad = want.admits(this.all(), owner);
    const isDamaged = isHad && Atomics.load(words, index + DAMAGED) !== 0;
    if (isHad) Atomics.store(words, index + SEATS + owner, want.take(this.of(owner)));
    // After the seat: one that dies in between is told of once more.
    if (isDamaged && want.isToldAlone) this.repaired();
    releaseWord(words, index + GUARD);
    if (dead.length > 0) this.wake();
    if (!isHad) return false;
    return isDamaged ? 'owner-died' : true;
  }

  /** Empties the seat of an owner that died. */
  private vacate(owner: number): void {
    const { words, index, damage } = this;
    if ((this.of(owner) & damage) !== 0) Atomics.store(words, index + DAMAGED, 1);
    Atomics.store(words, index + SEATS + owner, 0);
  }

  /** Owners that hold or want something and are known to have died. Without the guard: it asks foreign code. */
  private dead(alive: Alive | undefined = this.alive): number[] {
    if (alive === undefined) return [];
    return this.all().flatMap((seat, owner) =>
      seat !== 0 && owner !== this.owner && alive(owner) === false ? [owner] : [],
    );
  }

  private tell(bits: number): void {
    if (bits !== 0) Atomics.or(this.words, this.index + SEATS + this.owner, bits);
  }

  private untell(bits: number): void {
    if (bits === 0) return;
    Atomics.and(this.words, this.index + SEATS + this.owner, ~bits);
    this.wake();
  }

  private wake(): void {
    Atomics.add(this.words, this.index + TURN, 1);
    Atomics.notify(this.words, this.index + TURN);
  }
}
