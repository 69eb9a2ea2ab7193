// Runs single tests with one change of the code switched on, in a process that stays.

import { takeWanted } from './left-out.ts';
import { attempt, CONTEXT } from './run.ts';
import { collect, type Suite, takeFinishers } from './vitest.ts';

/** What the driver asks for: some tests with a change, or, without one, what each of them reaches. */
export interface Order {
  readonly mutant: number;
  /** Places in the list of tests, in the order in which they run. The first that fails is the last. */
  readonly tests: readonly number[];
  /** Calls of `$mutant` that a test may make: a loop without an end makes more. By test. */
  readonly limits?: readonly number[];
}

export type Said =
  | { readonly kind: 'ready'; readonly tests: readonly string[]; readonly reached: readonly number[] }
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

/** Loads every file, and then runs what the driver orders. */
export async function main(files: Record<string, () => Promise<unknown>>): Promise<void> {
  const say = (said: Said): void => void process.send!(said);
  const all: Entry[] = [];
  for (const [file, load] of Object.entries(files)) all.push(...entries(await collect(load), file, [], []));
  const strayed = (error: unknown): void => void (stray = error ?? new Error('undefined was thrown'));
  process.on('uncaughtException', strayed).on('unhandledRejection', strayed);

  async function clean(test: number): Promise<void> {
    hits.fill(0);
    const begin = performance.now();
    const error = await run(all[test]!);
    const why = error === undefined ? {} : { why: words(error) };
    say({ kind: 'clean', test, ...why, ms: performance.now() - begin, calls, reached: reached() });
  }

  async function mutated({ mutant, tests, limits }: Order): Promise<Said> {
    for (const test of tests) {
      say({ kind: 'began', test });
      active = mutant;
      limit = limits![test]!;
      const error = await run(all[test]!);
      if (error === undefined) continue;
      active = 0;
      const isClean = (await run(all[test]!)) === undefined;
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
  say({ kind: 'ready', tests: all.map(({ name }) => name), reached: reached() });
}
