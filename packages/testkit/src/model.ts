// Plays the same random operations on a subject and on a plain oracle and compares every answer.
import { inspect, isDeepStrictEqual } from 'node:util';
import type { Digest } from './digest.ts';
import { type FailingAllocations, isRefusal } from './failing-allocations.ts';
import { type Random, random } from './random.ts';

/** One kind of operation: draws its arguments, then runs them on either side. */
export interface Operation<Subject, Oracle> {
  /** How often it is drawn, relative to the others. Default 1. */
  weight?: number;
  /** Draws the arguments. */
  args(random: Random): unknown[];
  /** Runs on the thing under test; what it returns is compared. */
  subject(subject: Subject, ...args: never[]): unknown;
  /** Runs on the oracle; must return the same. */
  oracle(oracle: Oracle, ...args: never[]): unknown;
}

export interface Model<Subject, Oracle> {
  seed: number;
  /** Operations to play. */
  steps: number;
  subject: Subject;
  oracle: Oracle;
  operations: Record<string, Operation<Subject, Oracle>>;
  /** A deeper check of the whole state, every `checkEvery` steps (default 10,000) and at the end. */
  check?(subject: Subject, oracle: Oracle): void;
  checkEvery?: number | undefined;
  /** The same after each of the first so many steps, while the structure is small. Default 0. */
  checkFirst?: number;
  /** Takes every call and its answer. */
  digest?: Digest | undefined;
  /**
   * Each call is first made with its first allocation failing, then the second, and so on, until it needs no more: it must
   * throw and leave the subject as the oracle is, by `check`.
   */
  memory?: FailingAllocations;
}

/**
 * Plays `steps` random operations on both sides.
 *
 * @returns How often each operation ran.
 * @throws Error naming the seed, the step, the call and both answers at the first difference.
 */
export function runModel<Subject, Oracle>(model: Model<Subject, Oracle>): Record<string, number> {
  const rng = random(model.seed);
  const names = Object.keys(model.operations);
  const draw = names.flatMap((name) => Array<string>(model.operations[name]!.weight ?? 1).fill(name));
  const counts: Record<string, number> = Object.fromEntries(names.map((name) => [name, 0]));
  const where = (step: number, call: string): string => `seed ${rng.seed}, step ${step}: ${call}`;
  const check = (step: number, when: string): void => {
    try {
      model.check?.(model.subject, model.oracle);
    } catch (cause) {
      throw new Error(where(step, `the state differs${when}`), { cause });
    }
  };
  for (let step = 0; step < model.steps; step++) {
    const name = rng.pick(draw);
    const operation = model.operations[name]!;
    const args = operation.args(rng) as never[];
    const call = (): string => `${name}(${args.map((arg) => inspect(arg)).join(', ')})`;
    const run = (): unknown => operation.subject(model.subject, ...args);
    const refused = (n: number): void => check(step, ` after allocation ${n} of ${call()} failed`);
    const got = outcome(model.memory === undefined ? run : () => starved(run, model.memory!, refused));
    const expected = outcome(() => operation.oracle(model.oracle, ...args));
    if (got !== expected && !isDeepStrictEqual(got, expected)) {
      throw new Error(`${where(step, call())}: got ${inspect(got)}, expected ${inspect(expected)}`);
    }
    model.digest?.add(name);
    model.digest?.add(got);
    counts[name]!++;
    if (step < (model.checkFirst ?? 0) || step % (model.checkEvery ?? 10_000) === 0) check(step, '');
  }
  check(model.steps, '');
  return counts;
}

/** Makes a call with one allocation after the other failing, each alone and together with all that follow, and then without a failure. */
function starved(call: () => unknown, memory: FailingAllocations, refused: (n: number) => void): unknown {
  for (let n = 1; ; n++) {
    for (const forGood of [true, false]) {
      const attempt = memory.attempt(n, call, forGood);
      if (!attempt.refused || !('error' in attempt)) {
        if ('error' in attempt) throw attempt.error;
        return attempt.value;
      }
      if (!isRefusal(attempt.error)) throw attempt.error;
      refused(n);
    }
  }
}

/** What a call did: its result, or the class of what it threw. */
export function outcome(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    if (error instanceof RangeError) return 'RangeError';
    throw error;
  }
}
