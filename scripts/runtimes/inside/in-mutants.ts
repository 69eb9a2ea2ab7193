// Runs single tests with one change of the code switched on, in a process that stays.

import { takeWanted } from './left-out.ts';
import { attempt, CONTEXT } from './run.ts';
import { collect, type Suite, takeFinishers } from './vitest.ts';

/** What the driver asks for: some tests with a change, or, without one, what each of them reaches. */
export interface Order {
  readonly mutant: number;
  /** Numbers of tests, in the order in which they run. The first that fails is the last. */
  readonly tests: readonly number[];
  /** Calls of `$mutant` that each of them may make: a loop without an end makes more. */
  readonly limits?: readonly number[];
}

/** A test's number is its place in its file, and this many times the file's place. */
const PER_FILE = 100_000;

export type Said =
  | {
      readonly kind: 'ready';
      readonly tests: readonly (readonly [number, string])[];
      readonly reached: readonly number[];
    }
  | { readonly kind: 'began'; readonly test: number }
  /** One test of an order without a change. */
  | ({ readonly kind: 'clean'; readonly test: number; readonly why?: string } & Cost)
  /** The end of an order: the test that failed, and whether it passes again without the change. */
  | { readonly kind: 'end'; readonly killer?: number; readonly why?: string; readonly isClean: boolean };

interface Cost {
  readonly ms: number;
  readonly calls: number;
  /** Numbers of the changes that the test reached. */
  readonly reached: readonly number[];
}

type Hook = () => unknown;
interface Entry {
  readonly name: string;
  readonly bodies: readonly Hook[];
  readonly after: readonly Hook[];
}

const world = globalThis as unknown as { $mutant(number: number): boolean; process: NodeJS.Process };
const { process } = world;
let active = Number(process.env.IDSPACE_MUTANT ?? 0);
let calls = 0;
let limit = Infinity;
let stray: unknown;
const hits = new Uint8Array(Number(process.env.IDSPACE_MUTANTS ?? 0) + 1);

world.$mutant = (number) => {
  hits[number] = 1;
  if (++calls > limit) throw new Error('a loop without an end');
  return number === active;
};

const reached = (): number[] => [...hits.keys()].filter((number) => hits[number] === 1);

function entries(suite: Suite, file: string, before: readonly Hook[], after: readonly Hook[]): Entry[] {
  if (suite.isSkipped) return [];
  const first = [...before, ...suite.beforeAll];
  const last = [...suite.afterAll, ...after];
  return suite.parts.flatMap((part): Entry[] => {
    if ('parts' in part) return entries(part, file, [...first, ...suite.beforeEach], [...suite.afterEach, ...last]);
    if (part.isSkipped) return [];
    const bodies = [...first, ...suite.beforeEach, () => part.body(CONTEXT)];
    return [{ name: `${file} › ${part.name}`, bodies, after: [...suite.afterEach, ...last] }];
  });
}

const words = (error: unknown): string => String(error).split('\n', 1)[0]!.slice(0, 200);

/** Runs one test; returns its error. A test that a runtime cannot run has none. */
async function run({ bodies, after }: Entry): Promise<unknown> {
  takeWanted();
  stray = undefined;
  calls = 0;
  const first = await attempt(bodies);
  const last = await attempt([...takeFinishers(), ...after]);
  const endless = calls > limit ? new Error('a loop without an end') : undefined;
  return takeWanted() === undefined ? (first ?? last ?? stray ?? endless) : undefined;
}

/**
 * Runs what the driver orders. Without a change every file is loaded before; with one that is on from the beginning, a file is
 * loaded when a test of it is ordered.
 */
export async function main(files: Record<string, () => Promise<unknown>>): Promise<void> {
  const say = (said: Said): void => void process.send!(said);
  const loads = Object.entries(files);
  const loaded: Entry[][] = [];
  async function load(place: number): Promise<readonly Entry[]> {
    const [file, load] = loads[place]!;
    loaded[place] ??= entries(await collect(load), file, [], []);
    return loaded[place];
  }
  /** Runs one test; returns its error. A file that cannot be loaded is an error of each of its tests. */
  async function tried(test: number, most = Infinity): Promise<unknown> {
    try {
      limit = Infinity;
      const of = await load(Math.floor(test / PER_FILE));
      limit = most;
      return await run(of[test % PER_FILE]!);
    } catch (error) {
      return error ?? new Error('undefined was thrown');
    }
  }
  const strayed = (error: unknown): void => void (stray = error ?? new Error('undefined was thrown'));
  process.on('uncaughtException', strayed).on('unhandledRejection', strayed);

  async function clean(test: number): Promise<void> {
    hits.fill(0);
    const begin = performance.now();
    const error = await tried(test);
    const why = error === undefined ? {} : { why: words(error) };
    say({ kind: 'clean', test, ...why, ms: performance.now() - begin, calls, reached: reached() });
  }

  async function mutated({ mutant, tests, limits }: Order): Promise<Said> {
    for (const [i, test] of tests.entries()) {
      say({ kind: 'began', test });
      active = mutant;
      const error = await tried(test, limits![i]!);
      if (error === undefined) continue;
      active = 0;
      const isClean = (await tried(test)) === undefined;
      return { kind: 'end', killer: test, why: words(error), isClean };
    }
    return { kind: 'end', isClean: true };
  }

  process.on('message', async (order: Order) => {
    if (order.mutant > 0) say(await mutated(order));
    else {
      for (const test of order.tests) {
        say({ kind: 'began', test });
        await clean(test);
      }
      say({ kind: 'end', isClean: true });
    }
  });
  const tests: [number, string][] = [];
  try {
    if (active === 0)
      for (const place of loads.keys())
        tests.push(...(await load(place)).map(({ name }, i): [number, string] => [place * PER_FILE + i, name]));
  } catch (error) {
    return say({ kind: 'end', why: words(error), isClean: false });
  }
  say({ kind: 'ready', tests, reached: reached() });
}
