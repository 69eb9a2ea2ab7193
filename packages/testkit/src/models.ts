// What the tests of a package and `pnpm model` have in common: its structures, each with options, keys and an oracle, in
// `test/support/models.ts`.
import type { Digest } from './digest.ts';
import { type Model, type Operation, runModel } from './model.ts';

/** A new structure and a new oracle, and the calls that both are given. */
export interface ModelCase<Subject = unknown, Oracle = unknown>
  extends Pick<Model<Subject, Oracle>, 'subject' | 'oracle' | 'operations' | 'check' | 'checkEvery'> {
  /** Looks at the structure after the last call: empties it, and finds nothing left. */
  end?(subject: Subject, oracle: Oracle): void;
}

/** By class: by options and keys, what makes a new case. */
export type Models = Readonly<Record<string, Readonly<Record<string, () => ModelCase>>>>;

/** Keeps the types of a case, which a list of them forgets. */
export function modelCase<Subject, Oracle>(model: ModelCase<Subject, Oracle>): ModelCase {
  return model as ModelCase;
}

/** Calls after which the whole state is looked at each time: the structure is small then. */
const SMALL = 64;

/**
 * Plays random calls on a new structure and its oracle. The state is checked after each of the first 64 calls, later as often as
 * the case says, and at the end.
 *
 * @throws Error naming the seed, the step, the call and both answers at the first difference.
 */
export function playCase(
  begin: () => ModelCase,
  { seed, steps, digest }: { seed: number; steps: number; digest?: Digest },
): void {
  const { end, ...model } = begin();
  runModel({ ...model, seed, steps, checkFirst: SMALL, digest });
  end?.(model.subject, model.oracle);
}

/** Threads of a structure in shared memory that take turns in one: the oracle is one, whichever makes the call. */
export type Actors<Subject> = Subject[];

/**
 * Lets one of several threads make each call, drawn at random, and kills one between two calls now and then.
 *
 * @param kill Ends a thread without a goodbye, has another one bury it, and puts a new one in its place.
 */
export function inTurns<Subject, Oracle>(
  operations: Record<string, Operation<Subject, Oracle>>,
  actors: number,
  kill: (actors: Actors<Subject>, victim: number) => void,
): Record<string, Operation<Actors<Subject>, Oracle>> {
  const turns: Record<string, Operation<Actors<Subject>, Oracle>> = {};
  for (const [name, { weight, args, subject, oracle }] of Object.entries(operations)) {
    turns[name] = {
      ...(weight !== undefined && { weight }),
      args: (random) => [random.below(actors), ...args(random)],
      subject: (all, at: number, ...rest: never[]) => subject(all[at]!, ...rest),
      oracle: (model, _: number, ...rest: never[]) => oracle(model, ...rest),
    };
  }
  turns['a thread ends'] = {
    args: (random) => [random.below(actors)],
    subject: (all, victim: number) => kill(all, victim),
    oracle: () => undefined,
  };
  return turns;
}
