// Threads that end amid a call on a structure in shared memory: before each of its writes in turn. Another one buries the thread. What
// it finds must be the state before the call or after it, nothing may be lost, and the structure must work on.
import { inspect } from 'node:util';
import { expectSame } from './expect-same.ts';
import { type Ending, endAfter } from './explore/ending.ts';
import { type Operation, outcome } from './model.ts';
import { type Random, random } from './random.ts';

/** A call, and what a thread may leave that ends amid it. */
export interface MortalOperation<Thread, Oracle> extends Operation<Thread, Oracle> {
  /** States between those before the call and after it; none unless the documentation says that the call has parts. */
  between?(before: Oracle, ...args: never[]): Oracle[];
}

/** A structure in shared memory, and an oracle. */
export interface MortalCase<Thread = unknown, Oracle = unknown> {
  /** No thread is attached to it. */
  readonly memory: SharedArrayBuffer;
  readonly oracle: Oracle;
  readonly operations: Record<string, MortalOperation<Thread, Oracle>>;
  /** Attaches a thread to the memory, under a number 1…{@link OWNERS}. */
  attach(owner: number): Thread;
  detach(thread: Thread): void;
  /** What a thread does that is told of another's end. It may be told again of one that was buried. */
  bury(thread: Thread, owner: number): void;
  /** What a burial of {@link VICTIM} changes in the oracle: what it had. */
  buried?(oracle: Oracle): void;
  /** Looks at the whole state: throws if it is another one. */
  check(thread: Thread, oracle: Oracle): void;
  /** Fills the structure up, or empties it: throws if anything was lost. */
  end(thread: Thread, oracle: Oracle): void;
}

/** By name: what makes a new case. */
export type MortalCases = Readonly<Record<string, (random: Random) => MortalCase>>;

/** Keeps the types of a case, which a list of them forgets. */
export function mortalCase<Thread, Oracle>(made: MortalCase<Thread, Oracle>): MortalCase {
  return made as MortalCase;
}

/** What was played. */
export interface DeathCounts {
  /** Calls, each also played to the end. */
  calls: number;
  /** Ends of a thread amid a call of the structure, and amid a burial. */
  deaths: number;
  burials: number;
}

/** Numbers of threads that a case needs; the last one is the case's own. */
export const OWNERS = 6;
/** The thread that ends; one that is there before and after; one that buries, and one that buries that. */
const VICTIM = 1;
const WITNESS = 2;
const BURIER = 3;
const HEIR = 4;
/** One that the victim itself buries. */
const GHOST = 5;
/** Calls that are made on what a thread left. */
const CALLS_AFTER = 4;
/** How often a burial ends in all ways. */
const BURIALS_END = 0.25;
/** How often the play goes on with what a thread left, not with the call that was made. */
const GOES_ON_WITH_A_DEATH = 0.3;

/**
 * Plays random calls of one thread. Each is made to the end, and again so that the thread ends before its first write, before its second
 * one and so on. Of some calls, one of these deaths is drawn whose burial ends before each of its own writes, too.
 *
 * @throws Error naming the seed, the step, the call, the write and what is wrong.
 */
export function playDeaths(make: MortalCases[string], { seed, steps }: { seed: number; steps: number }): DeathCounts {
  const rng = random(seed);
  const deaths = new Deaths(make(rng), rng);
  for (let step = 0; step < steps; step++) {
    try {
      deaths.step();
    } catch (cause) {
      const { message } = cause as Error;
      throw new Error(`seed ${rng.seed}, step ${step}: ${deaths.at}: ${message}`, { cause });
    }
  }
  return deaths.counts;
}

/** The thread that makes a call; it may detach and attach again. */
interface Seat {
  thread: unknown;
}

/** A call with its arguments. */
interface Call {
  readonly name: string;
  run(seat: Seat): unknown;
  /** Makes it on the oracle. */
  mirror(oracle: unknown): unknown;
  between(oracle: unknown): unknown[];
}

class Deaths {
  readonly counts: DeathCounts = { calls: 0, deaths: 0, burials: 0 };
  /** What is being played. */
  at = '';
  private readonly one: MortalCase;
  private readonly rng: Random;
  private readonly bytes: Buffer;
  private readonly names: string[];
  private oracle: unknown;
  /** Calls of a thread on itself and on others, whatever the structure. */
  private readonly threadCalls: Readonly<Record<string, (seat: Seat) => void>> = {
    'detach and attach again': (seat) => {
      this.one.detach(seat.thread);
      seat.thread = this.one.attach(VICTIM);
    },
    'bury another': ({ thread }) => {
      this.one.attach(GHOST);
      this.one.bury(thread, GHOST);
    },
  };

  constructor(one: MortalCase, rng: Random) {
    this.one = one;
    this.rng = rng;
    this.oracle = one.oracle;
    this.bytes = Buffer.from(one.memory);
    const names = Object.entries(one.operations).flatMap(([name, { weight = 1 }]) => Array<string>(weight).fill(name));
    this.names = [...names, ...Object.keys(this.threadCalls)];
  }

  /** Draws a call, makes it, and ends it at each of its writes; goes on with one of the outcomes. */
  step(): void {
    const { rng, counts } = this;
    const begin = Buffer.from(this.bytes);
    const call = this.draw();
    this.at = call.name;
    const after = copyOf(this.oracle);
    const writes = this.make(begin, call, after);
    counts.calls++;
    let next = { bytes: Buffer.from(this.bytes), oracle: after };
    const states = [after, this.oracle, ...call.between(this.oracle)];
    const buriedAt = rng.chance(BURIALS_END) ? rng.below(writes) : -1;
    const kept = rng.chance(GOES_ON_WITH_A_DEATH) ? rng.below(writes) : -1;
    for (let changes = 0; changes < writes; changes++) {
      const { witness, ending } = this.play(begin, changes, call);
      this.at = `${call.name} that ends before its write ${changes}, ${ending.before}`;
      const dead = Buffer.from(this.bytes);
      const oracle = this.bury(witness, states);
      if (changes === kept) {
        this.one.detach(witness);
        next = { bytes: Buffer.from(this.bytes), oracle };
      } else this.goOn(witness, oracle);
      counts.deaths++;
      if (changes === buriedAt) this.endBuriers(dead, states);
    }
    this.bytes.set(next.bytes);
    this.oracle = next.oracle;
  }

  private draw(): Call {
    const { one, rng } = this;
    const name = rng.pick(this.names);
    const ofThread = this.threadCalls[name];
    if (ofThread !== undefined) return { name, run: ofThread, mirror: () => undefined, between: () => [] };
    const operation = one.operations[name]!;
    const args = operation.args(rng) as never[];
    return {
      name: `${name}(${args.map((arg) => inspect(arg)).join(', ')})`,
      run: ({ thread }) => operation.subject(thread, ...args),
      mirror: (oracle) => operation.oracle(oracle, ...args),
      between: (oracle) => operation.between?.(copyOf(oracle), ...args) ?? [],
    };
  }

  /** Makes a call to its end; returns how often it changes memory. */
  private make(begin: Buffer, call: Call, after: unknown): number {
    const { one } = this;
    const { witness, ending } = this.play(begin, Number.POSITIVE_INFINITY, call);
    const got = outcome(() => {
      if ('error' in ending) throw ending.error;
      return ending.result;
    });
    const expected = outcome(() => call.mirror(after));
    expectSame(got, expected, 'the answer');
    one.check(witness, after);
    one.detach(witness);
    return ending.changes;
  }

  /** Makes a call so that its thread ends before it changes memory once more; another thread is there that knows the state before. */
  private play(begin: Buffer, changes: number, call: Call): { witness: unknown; ending: Ending } {
    const { one } = this;
    this.bytes.set(begin);
    const witness = one.attach(WITNESS);
    one.check(witness, this.oracle);
    const ending = endAfter<Seat>(one.memory, changes, {
      attach: () => ({ thread: one.attach(VICTIM) }),
      call: (seat) => call.run(seat),
      detach: ({ thread }) => one.detach(thread),
    });
    return { witness, ending };
  }

  /** Buries all who have died; returns which state is left. */
  private bury(witness: unknown, states: readonly unknown[], others: readonly number[] = []): unknown {
    const { one } = this;
    for (const owner of [...others, VICTIM, GHOST]) one.bury(witness, owner);
    const differences: string[] = [];
    for (const state of states) {
      const oracle = copyOf(state);
      one.buried?.(oracle);
      try {
        one.check(witness, oracle);
        return oracle;
      } catch (error) {
        differences.push((error as Error).message);
      }
    }
    throw new Error(`the state is none that there may be: ${differences.join('; ')}`);
  }

  /** Makes calls on what was left, and looks whether anything was lost. */
  private goOn(witness: unknown, oracle: unknown): void {
    const { one, rng } = this;
    for (let left = CALLS_AFTER; left > 0; left--) {
      const [name, operation] = rng.pick(Object.entries(one.operations));
      const args = operation.args(rng) as never[];
      const got = outcome(() => operation.subject(witness, ...args));
      expectSame(
        got,
        outcome(() => operation.oracle(oracle, ...args)),
        `${name}(${args.join(', ')}) afterwards`,
      );
    }
    one.check(witness, oracle);
    one.end(witness, oracle);
  }

  /** Lets the thread that buries end before each of its own writes. */
  private endBuriers(dead: Buffer, states: readonly unknown[]): void {
    const { one, counts, at } = this;
    for (let changes = 0; ; changes++) {
      this.bytes.set(dead);
      const heir = one.attach(HEIR);
      const ending = endAfter(one.memory, changes, {
        attach: () => one.attach(BURIER),
        call: (burier) => one.bury(burier, VICTIM),
      });
      if ('error' in ending) throw ending.error;
      if (ending.before === null) return;
      this.at = `${at}, its burial before the write ${changes}, ${ending.before}`;
      this.goOn(heir, this.bury(heir, states, [BURIER, WITNESS]));
      counts.burials++;
    }
  }
}

/** A copy of an oracle: of its fields, which are plain data. */
function copyOf<T>(oracle: T): T {
  const copy = structuredClone(oracle);
  return oracle instanceof Map || oracle instanceof Set
    ? copy
    : Object.setPrototypeOf(copy, Object.getPrototypeOf(oracle));
}
