// Runs test files inside a runtime, one test after another, and reports what became of each.
import type { Outcome } from '../outcome.ts';
import { LeftOut, takeWanted } from './left-out.ts';
import { collect, type Suite, type Test, takeFinishers } from './vitest.ts';

export type Report = (outcome: Outcome) => void | Promise<void>;

const OWN_CONDITION = 'its own condition';
/** What a test receives. */
export const CONTEXT = {
  skip: (): never => {
    throw new LeftOut(OWN_CONDITION);
  },
};

const words = (error: unknown): string => {
  const { name, message, stack } = (error ?? {}) as Error;
  const text = stack?.includes(message) ? stack : `${name}: ${message}\n${stack}`;
  return error instanceof Error ? text.slice(0, 2_000) : String(error);
};

/** Runs every file; a file that does not load is one outcome. */
export async function runFiles(files: Record<string, () => Promise<unknown>>, report: Report): Promise<void> {
  for (const [file, load] of Object.entries(files)) {
    takeWanted();
    await report({ file, test: '', state: 'begun' });
    let suite: Suite | undefined;
    const error = await attempt([async () => (suite = await collect(load))]);
    const ending = became(error);
    if (ending.state === 'passed') {
      await runSuite(suite!, { file, path: [], before: [], after: [], barrier: undefined }, report);
    } else {
      await report({ file, test: '(the whole file)', ...ending });
    }
  }
}

/** Where a suite stands. */
interface Place {
  readonly file: string;
  readonly path: readonly string[];
  readonly before: readonly Hook[];
  readonly after: readonly Hook[];
  /** What keeps its tests from their beginning: each of them ends so. */
  readonly barrier: Ending | undefined;
}
type Hook = () => unknown;
type Ending = Pick<Outcome, 'state' | 'why'>;

/** What V8 says where a program may not compile what it makes: JavaScript from text, WebAssembly from bytes. */
const NO_COMPILING = /code generation (from strings )?disallowed/i;

function became(error: unknown): Ending {
  // A module that could not be loaded throws the same error at each file that imports it.
  const what =
    takeWanted() ??
    (error instanceof LeftOut ? error.what : NO_COMPILING.test(words(error)) ? 'compiling at run time' : undefined);
  if (what !== undefined) return { state: 'left out', why: what };
  return error === undefined ? { state: 'passed' } : { state: 'failed', why: words(error) };
}

/** Runs hooks and body; returns the first error. */
export async function attempt(bodies: Iterable<Hook>): Promise<unknown> {
  try {
    for (const body of bodies) await body();
  } catch (error) {
    return error ?? new Error('undefined was thrown');
  }
  return undefined;
}

async function barrierOf(suite: Suite, outer: Place): Promise<Ending | undefined> {
  if (outer.barrier !== undefined) return outer.barrier;
  if (suite.isSkipped) return { state: 'left out', why: OWN_CONDITION };
  const ending = became(await attempt(suite.beforeAll));
  return ending.state === 'passed' ? undefined : ending;
}

async function runSuite(suite: Suite, outer: Place, report: Report): Promise<void> {
  const place: Place = {
    file: outer.file,
    path: suite.name === '' ? outer.path : [...outer.path, suite.name],
    before: [...outer.before, ...suite.beforeEach],
    after: [...suite.afterEach, ...outer.after],
    barrier: await barrierOf(suite, outer),
  };
  for (const part of suite.parts) {
    if ('parts' in part) await runSuite(part, place, report);
    else
      await report({ file: place.file, test: [...place.path, part.name].join(' › '), ...(await runTest(part, place)) });
  }
  if (place.barrier !== undefined) return;
  const end = became(await attempt(suite.afterAll));
  if (end.state === 'failed')
    await report({ file: place.file, test: [...place.path, '(after all)'].join(' › '), ...end });
}

async function runTest({ body, isSkipped }: Test, { before, after, barrier }: Place): Promise<Ending> {
  if (barrier !== undefined) return barrier;
  if (isSkipped) return { state: 'left out', why: OWN_CONDITION };
  const first = await attempt([...before, () => body(CONTEXT)]);
  const last = await attempt([...takeFinishers(), ...after]);
  return became(first ?? last);
}
