// A state that schedules pass through: the memory, and how far each actor came.
import { CLOCK, type Entry, PART, WOKEN } from './access.ts';
import type { Progress } from './replay.ts';
import { keyOfWeakness, type Weakness } from './weak-memory.ts';

/** An actor in a state. */
export interface Actor extends Progress {
  /** Number of its log: two logs with the same number are the same. */
  readonly logId: number;
  readonly dead: boolean;
  /** Its clock ran ahead. */
  readonly late: boolean;
  /** The memory in which it woke by itself last. */
  readonly wokeIn: string | null;
}

export interface State {
  /** A character for each byte: strings are copied and compared fastest. */
  readonly memory: string;
  /** Null where memory is sequentially consistent. */
  readonly weakness: Weakness | null;
  readonly actors: readonly Actor[];
  /** Sleeping actors, the longest asleep first. */
  readonly sleepers: readonly number[];
  /** Steps that led here, at most. */
  depth: number;
  /** Schedules that lead here. */
  paths: bigint;
  /** How the first of them came here. */
  readonly trail: Trail | null;
}

/** The steps that led to a state, last first; without the states between, which would fill the heap. */
export interface Trail {
  readonly step: string;
  readonly before: Trail | null;
}

/** Gives equal logs equal numbers. */
export class LogNumbers {
  private readonly numbers = new Map<string, number>();

  /** The number of a log that was `before`, or began with it, unless a part has come to its end since. */
  after(before: Pick<Actor, 'log' | 'logId'>, log: readonly Entry[]): number {
    const length = before.log.length;
    const continues = length === 0 || log[length - 1] === before.log[length - 1];
    return continues ? this.of(before.logId, log.slice(length)) : this.of(0, log);
  }

  /** @param parent Number of the log that `entries` continue. */
  of(parent: number, entries: readonly Entry[]): number {
    let id = parent;
    for (const { address, value } of entries) {
      const key = `${id}/${address}/${value}`;
      let next = this.numbers.get(key);
      if (next === undefined) this.numbers.set(key, (next = this.numbers.size + 1));
      id = next;
    }
    return id;
  }
}

/** Equal for states of the same memory from which the same can happen: what an actor was told does not matter once it is over. */
export function keyOf({ actors, sleepers, weakness, memory }: State): string {
  const flags = actors.map((actor) => {
    const { logId, dead, late, ended, result } = actor;
    if (dead || ended) return dead ? 'd' : `e${JSON.stringify(result)}`;
    return `${logId}${late ? 'l' : ''}${hasLooked(actor, memory) ? 'w' : ''}`;
  });
  const weak = weakness === null ? '' : keyOfWeakness(weakness);
  return `${flags.join()};${sleepers.join()};${weak}`;
}

/** Says whether a sleeper has woken by itself already in the memory as it is, and gone to sleep again. */
export function hasLooked({ asleepOn, wokeIn }: Actor, memory: string): boolean {
  return asleepOn >= 0 && wokeIn === memory;
}

/** What a part of an actor counts: more than all that it can be told in it. */
const OF_PART = 1e5;
/** What the end of an actor counts: more than all its parts. */
const OVER = 1e9;

/**
 * How far on a state is: equal for states of equal keys, and greater after each step. So a state is expanded when all have been that lead
 * to it, however many steps they take.
 */
export function progressOf({ actors, weakness }: State): number {
  let progress = 0;
  // The log of one that is over does not belong to the state.
  for (const { log, dead, ended, late } of actors) {
    if (dead || ended) {
      progress += OVER;
      continue;
    }
    for (const { address } of log) progress += address === PART ? OF_PART : 2;
    if (late) progress++;
  }
  // A late write is made in one step, and reaches memory in another.
  for (const { late } of weakness?.freedoms ?? []) if (late !== null) progress--;
  return progress;
}

/** The steps that led to a state, first first. */
export function scheduleTo({ trail }: State): string[] {
  const steps: string[] = [];
  for (let at = trail; at !== null; at = at.before) steps.push(at.step);
  return steps.reverse();
}

/**
 * Says whether the death of an actor makes a difference now: it changed something in its last step, was woken, or made none.
 *
 * If it only looked, it might as well have died before.
 */
export function isWorthKilling({ log }: Actor): boolean {
  const last = log.findLast(({ address }) => address !== CLOCK);
  return last === undefined || last.changed || last.label === WOKEN;
}

/** The longest loop that is recognized as waiting, accesses. */
const LONGEST_LOOP = 16;

/**
 * Says whether an actor only waits for others: twice in a row it made the same accesses and saw the same, changing
 * nothing, and it is about to begin a third time.
 */
export function spins({ pending, log }: Actor): boolean {
  if (pending === null || pending.changes()) return false;
  const value = pending.peek();
  const longest = Math.min(LONGEST_LOOP, log.length >> 1);
  for (let loop = 1; loop <= longest; loop++) {
    const first = log[log.length - loop]!;
    if (first.changed) return false;
    if (first.address !== pending.address || first.value !== value) continue;
    if (first.label === pending.label && repeats(log, loop)) return true;
  }
  return false;
}

/** Says whether the last `loop` entries of a log are the same as those before them, and changed nothing. */
function repeats(log: readonly Entry[], loop: number): boolean {
  for (let i = log.length - loop; i < log.length; i++) {
    const entry = log[i]!;
    const before = log[i - loop]!;
    if (entry.changed || before.changed) return false;
    if (entry.label !== before.label || entry.value !== before.value) return false;
  }
  return true;
}
