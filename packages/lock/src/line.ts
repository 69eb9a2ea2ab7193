// Line: the tasks of this thread that wait for the same lock without stopping the thread, first come, first served.
// However many they are, the first alone looks and sleeps, so they cost the thread one timer and one wake at a time.
import { type Alive, type LockOutcome, refuseOwn, WAITERS } from './lock-word.ts';
import { limit, type Patience } from './patience.ts';
import { NAP_MS, takeOrMark } from './sleep.ts';

/** Looks at a lock by a timer, where there is no Atomics.waitAsync, are this far apart, milliseconds. */
const POLL_MS = 1;
/** Turns of the microtask queue that the task which has just taken gets, to give back what it needs for a few steps only. */
const TURNS = 8;

/** A word that is not as it should be, and its value: what to sleep on. */
export interface Blocked {
  readonly index: number;
  readonly value: number;
}

/** One task's try to take what it waits for. */
export interface Taker {
  /** Tells the dead from the living, if the lock is robust to this task. */
  readonly alive: Alive | undefined;
  /** @param mark WAITERS for one that slept: see takeOrMark. */
  take(mark: number, alive: Alive | undefined): true | 'owner-died' | Blocked;
  /** Called when the task gives up: it takes back what it left where it waited. */
  giveUp?(): void;
}

interface Waiting {
  readonly taker: Taker;
  readonly resolve: (outcome: LockOutcome) => void;
  readonly reject: (reason: unknown) => void;
  release: () => void;
}

/** Those that wait for one lock, in this thread. */
export class Line {
  private readonly words: Int32Array;
  /** In the order in which they came. */
  private readonly waiting = new Set<Waiting>();
  private readonly onEmpty: () => void;
  private moves = false;

  /** @param onEmpty Called when no waiter is left: the line is to be forgotten. */
  constructor(words: Int32Array, onEmpty: () => void) {
    this.words = words;
    this.onEmpty = onEmpty;
  }

  /** Waits for the taker's turn, and until it has taken; resolves with false at the deadline, rejects when the signal says stop. */
  join(taker: Taker, patience: Patience): Promise<LockOutcome> {
    return new Promise((resolve, reject) => {
      const one: Waiting = { taker, resolve, reject, release: () => {} };
      one.release = limit(
        patience,
        () => {
          this.giveUp(one);
          resolve(false);
        },
        (reason) => {
          this.giveUp(one);
          reject(reason);
        },
      );
      this.waiting.add(one);
      if (!this.moves) void this.move();
    });
  }

  /** Lets one waiter after the other take the lock, until none is left. */
  private async move(): Promise<void> {
    this.moves = true;
    let blocked: Blocked | null = null;
    for (let mark = 0; this.waiting.size > 0; ) {
      const [first] = this.waiting;
      blocked = this.serve(first!, mark);
      if (blocked === null) {
        for (let turn = 0; turn < TURNS; turn++) await null;
        continue;
      }
      await changed(this.words, blocked, NAP_MS);
      mark = WAITERS;
    }
    this.moves = false;
    this.onEmpty();
    // A wake that found no waiter here may have been meant for another thread.
    if (blocked !== null) Atomics.notify(this.words, blocked.index, 1);
  }

  /** Lets a task try; returns what it must wait for, or null if it is done. */
  private serve(one: Waiting, mark: number): Blocked | null {
    try {
      const taken = one.taker.take(mark, this.aliveFor(one));
      if (typeof taken === 'object') return taken;
      this.dismiss(one);
      one.resolve(taken);
    } catch (error) {
      this.dismiss(one);
      one.reject(error);
    }
    return null;
  }

  /** The first task that waits also asks for those behind it: one of them may know that the holder died. */
  private aliveFor({ taker }: Waiting): Alive | undefined {
    if (taker.alive !== undefined) return taker.alive;
    for (const { taker } of this.waiting) if (taker.alive !== undefined) return taker.alive;
    return undefined;
  }

  private giveUp(one: Waiting): void {
    this.dismiss(one);
    one.taker.giveUp?.();
  }

  private dismiss(one: Waiting): void {
    this.waiting.delete(one);
    one.release();
  }
}

/** The lines of this thread, by memory and by what tells the lock there. */
const lines = new WeakMap<ArrayBufferLike, Map<number | string, Line>>();
/** How many there are: nearly always none, which is found out soonest. */
let count = 0;

/**
 * The line for a lock, if anything waits for it in this thread.
 *
 * @param place Tells the lock from all others in the memory: its byte if it is a word.
 */
export function lineFor(words: Int32Array, place: number | string): Line | undefined {
  return count === 0 ? undefined : lines.get(words.buffer)?.get(place);
}

/** The line for a lock, made if need be. */
export function makeLine(words: Int32Array, place: number | string): Line {
  const known = lineFor(words, place);
  if (known !== undefined) return known;
  const here = lines.get(words.buffer) ?? new Map<number | string, Line>();
  const line = new Line(words, () => {
    here.delete(place);
    count--;
  });
  lines.set(words.buffer, here.set(place, line));
  count++;
  return line;
}

/** A task that waits for the lock in a word. */
export function wordTaker(
  call: string,
  words: Int32Array,
  index: number,
  owner: number,
  alive: Alive | undefined,
): Taker {
  refuseOwn(call, Atomics.load(words, index), owner);
  return {
    alive,
    take: (mark, alive) => {
      const taken = takeOrMark(call, words, index, owner, alive, mark);
      return typeof taken === 'number' ? { index, value: taken } : taken;
    },
  };
}

/** Atomics.waitAsync, newer than the oldest engines supported. */
type WaitAsync = (
  words: Int32Array,
  index: number,
  value: number,
  timeoutMs: number,
) => { async: false } | { async: true; value: Promise<string> };

/** The little of the runtime that is looked at. */
interface Runtime {
  readonly navigator?: { readonly userAgent?: string };
}

/** In workerd a promise of Atomics.waitAsync is not kept while a request waits for it: it ends the request as hung. */
function isWorkerd(): boolean {
  return (globalThis as Runtime).navigator?.userAgent === 'Cloudflare-Workers';
}

/** Resolves when the word has changed or the time is over, perhaps earlier. */
export async function changed(words: Int32Array, { index, value }: Blocked, timeoutMs: number): Promise<void> {
  const { waitAsync } = Atomics as { waitAsync?: WaitAsync };
  if (waitAsync === undefined || isWorkerd()) return new Promise((resolve) => setTimeout(resolve, POLL_MS));
  const waiting = waitAsync(words, index, value, timeoutMs);
  if (!waiting.async) return;
  // A promise alone does not keep Node's event loop alive.
  const alive = setTimeout(() => {}, timeoutMs + 1_000);
  await waiting.value;
  clearTimeout(alive);
}
