// The input and the result of an exploration.

/**
 * A mistake made in each call of the code under test: an access that is left out, or one that is made in two. Its name is that of a
 * schedule without operands: `load(lock)`, `compareExchange(lock)`, `counter` for a plain read, `counter =` for a plain write.
 *
 * A write, a change or a wake-up that is left out has no effect, and answers as if it had one. A look that is left out finds what the
 * actor found there before. A change in two reads first and writes afterwards; other actors may come between.
 */
export type Mistake = `without ${string}` | `${string} in two`;

/** A few actors on shared memory, and what must hold whatever the order of their accesses. */
export interface Protocol {
  /** Bytes of the shared memory, zeroed. */
  readonly bytes: number;
  /** Names of 4-byte words in schedules, by word; others show their byte. */
  readonly words?: Readonly<Record<string, number>>;
  /** Fills the memory before any actor runs. */
  setup?(memory: SharedArrayBuffer): void;
  /**
   * The actors, by name: the code under test. Each makes its own views of the memory, shares nothing else with the
   * others, and does the same again when it reads the same. What it returns is passed to `check`.
   */
  readonly actors: Readonly<Record<string, (memory: SharedArrayBuffer) => unknown>>;
  /** Actors one of which may be killed, between any two of its accesses; called at that moment. */
  readonly killed?: Readonly<Record<string, (memory: SharedArrayBuffer) => void>>;
  /** Actors whose clocks may run ahead by an hour, once, between any two of their accesses. */
  readonly impatient?: readonly string[];
  /** Holds in every state: throws if it does not. */
  invariant?(memory: SharedArrayBuffer): void;
  /** Holds at the end of every schedule: throws if it does not. `results` has no entry for one that was killed. */
  check?(memory: SharedArrayBuffer, results: Readonly<Record<string, unknown>>): void;
  /** What the actors do wrong, to see whether it is found. */
  readonly mistake?: Mistake;
  /** Accesses after which a schedule counts as endless. Default 500. */
  readonly maxSteps?: number;
}

/** How much of a protocol is explored, and on what memory. */
export interface ExploreOptions {
  /**
   * Whether plain accesses may be made in another order than that of the program, as far as the Atomics calls around them allow:
   * see weak-memory.ts. Default: they are not.
   */
  readonly weak?: boolean;
  /** States that are expanded, at most, of those that are equally far on; those beyond are left out at random. Default: all. */
  readonly width?: number;
  /** Chooses what is left out. Default 1; `TEST_SEED` in the environment overrides it. */
  readonly seed?: number;
}

/** What was found. */
export interface Exploration {
  /** Schedules covered: orders of accesses, kills and clock jumps that differ. */
  readonly schedules: bigint;
  /** States of memory and actors that these passed through; each was expanded once. */
  readonly states: number;
  /** Steps of the longest schedule. */
  readonly longest: number;
  /** Whether that is every schedule there is; false if the width left states out. */
  readonly isComplete: boolean;
  /** A schedule that breaks a rule, or null. The exploration ends at the first; the shortest may be a little shorter. */
  readonly failure: Failure | null;
}

export interface Failure {
  readonly message: string;
  /** One line a step: 'A: load(lock) → 0'. */
  readonly schedule: readonly string[];
}

/** Steps of a failing schedule that are shown. */
const SHOWN = 40;

/** Tells in a line what an exploration found, and in further lines how it fails. */
export function summarize(name: string, found: Exploration): string {
  const { longest, failure } = found;
  const [schedules, number] = [found.schedules, found.states].map((count) => count.toLocaleString('en'));
  if (failure === null) {
    const which = found.isComplete ? `${schedules} schedules` : `${schedules} schedules, drawn from more,`;
    return `${name}: holds in ${which} of up to ${longest} steps (${number} states)`;
  }
  const { message, schedule } = failure;
  const rest = schedule.length > SHOWN ? [`… and ${schedule.length - SHOWN} steps more`] : [];
  return [`${name}: FAILS after ${number} states: ${message}`, ...schedule.slice(0, SHOWN), ...rest].join('\n  ');
}
