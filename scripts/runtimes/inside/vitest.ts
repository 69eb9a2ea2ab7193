// The part of vitest that the tests of the packages use, in a form that any runtime can load.
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';
import { fn, restoreAllMocks, spyOn } from '@vitest/spy';
import * as chai from 'chai';
import { errorForNothing } from '../../../packages/testkit/src/thrown.ts';
import { LeftOut, standIn } from './left-out.ts';

type Body = (...args: unknown[]) => unknown;

export interface Test {
  readonly name: string;
  readonly body: Body;
  readonly isSkipped: boolean;
}

export interface Suite {
  readonly name: string;
  readonly isSkipped: boolean;
  readonly parts: (Suite | Test)[];
  readonly beforeAll: Body[];
  readonly afterAll: Body[];
  readonly beforeEach: Body[];
  readonly afterEach: Body[];
}

// biome-ignore format: one row
const newSuite = (name: string, isSkipped = false): Suite =>
  ({ name, isSkipped, parts: [], beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] });

let open: Suite = newSuite('');
let finishers: Body[] = [];

/** Collects what a file defines while it is loaded. */
export async function collect(load: () => Promise<unknown>): Promise<Suite> {
  const root = newSuite('');
  open = root;
  await load();
  return root;
}

/** Takes what the running test wants done at its end. */
export function takeFinishers(): Body[] {
  const taken = finishers;
  finishers = [];
  return taken;
}

function define(isSkipped: boolean, asSuite: boolean): (name: unknown, ...rest: unknown[]) => void {
  return (name, ...rest) => {
    const body = rest.find((value) => typeof value === 'function') as Body;
    if (!asSuite) {
      open.parts.push({ name: String(name), body, isSkipped });
      return;
    }
    const outer = open;
    const suite = newSuite(String(name), isSkipped);
    outer.parts.push(suite);
    open = suite;
    body();
    open = outer;
  };
}

/** `%s`, `%i`, `%o`… of a title are filled in order, `$a.b` from an object: names tell tests apart, no more. */
function titled(name: unknown, row: readonly unknown[]): string {
  let at = 0;
  const text = (value: unknown): string => {
    try {
      return typeof value === 'function' ? value.name : String(value);
    } catch {
      return typeof value;
    }
  };
  const field = (path: string): unknown =>
    path.split('.').reduce((value, key) => (value as Record<string, unknown>)?.[key], row[0]);
  return String(name)
    .replace(/%[a-zA-Z]/g, (mark) => (at < row.length ? text(row[at++]) : mark))
    .replace(/\$([\w.]+)/g, (_, path) => text(field(path)));
}

type Define = ReturnType<typeof define>;
type Definer = Define & { skip: Define; skipIf(on: unknown): Define; runIf(on: unknown): Define };
type Each = (rows: readonly unknown[]) => Define;

function definer(asSuite: boolean): Definer & { each: Each } {
  const withEach = (define: Define): Define & { each: Each } =>
    Object.assign(define.bind(null), {
      each: (rows: readonly unknown[]): Define => {
        return (name, ...rest) => {
          const body = rest.find((value) => typeof value === 'function') as Body;
          const areLists = rows.every((row) => Array.isArray(row));
          for (const row of rows) {
            const args = areLists ? (row as unknown[]) : [row];
            define(titled(name, args), () => body(...args));
          }
        };
      },
    });
  const run = withEach(define(false, asSuite));
  const skip = withEach(define(true, asSuite));
  return Object.assign(run, {
    skip,
    skipIf: (on: unknown) => (on ? skip : run),
    runIf: (on: unknown) => (on ? run : skip),
  });
}

export const test: Definer = definer(false);
export const it: Definer = test;
export const describe: Definer = definer(true);
export const beforeAll = (body: Body): void => void open.beforeAll.push(body);
export const afterAll = (body: Body): void => void open.afterAll.push(body);
export const beforeEach = (body: Body): void => void open.beforeEach.push(body);
export const afterEach = (body: Body): void => void open.afterEach.push(body);
export const onTestFinished = (body: Body): void => void finishers.push(body);

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);
chai.use(errorForNothing as Parameters<typeof chai.use>[0]);

const fail = (message = 'reached'): never => {
  throw new chai.AssertionError(message);
};
const assertion = (value: unknown, message?: string): unknown => chai.expect(value, message);
export const expect: unknown = Object.assign(
  assertion,
  chai.expect,
  (globalThis as Record<symbol, object>)[ASYMMETRIC_MATCHERS_OBJECT],
  { fail, unreachable: fail, soft: assertion },
);
setState({ assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null }, expect as never);

const world = globalThis as Record<string, unknown>;
const stubbed = new Map<string, PropertyDescriptor | undefined>();

export const vi: object = {
  fn,
  spyOn,
  restoreAllMocks,
  stubGlobal: (name: string, value: unknown) => {
    if (!stubbed.has(name)) stubbed.set(name, Object.getOwnPropertyDescriptor(world, name));
    Object.defineProperty(world, name, { value, writable: true, configurable: true });
  },
  unstubAllGlobals: () => {
    for (const [name, was] of stubbed) {
      if (was === undefined) delete world[name];
      else Object.defineProperty(world, name, was);
    }
    stubbed.clear();
  },
  // A bundle's modules are loaded once.
  resetModules: () => {
    throw new LeftOut('vi.resetModules');
  },
  doMock: standIn('vi.doMock'),
  doUnmock: standIn('vi.doUnmock'),
};

/** Types are checked by the compiler. */
export const expectTypeOf = (): unknown => new Proxy(() => {}, { get: () => expectTypeOf, apply: () => undefined });
