// Every bad argument of every public call is refused in one form: "call: argument: got …, expected …", with the three parts as
// properties of a RangeError; and an option that is not known is refused by its key.
import { describe, expect, test } from 'vitest';
import * as cacheSim from '../packages/cache-sim/src/index.ts';
import { DinWriter, openTrace } from '../packages/cache-sim/src/trace.ts';
import { evaluate } from '../packages/evaluation/src/index.ts';
import { SharedHashTable } from '../packages/hash-table/src/shared/index.ts';
import { LockTable, Mutex, Roster, SpinLock } from '../packages/lock/src/index.ts';
import { AddressMap, regionsOf, trace } from '../packages/mem-trace/src/index.ts';
import { GenerationalId, IdPool } from '../packages/next-id/src/index.ts';
import { SharedIdPool, SharedNextId } from '../packages/next-id/src/shared/index.ts';
import { planRestore } from '../packages/restore-planner/src/plan.ts';
import { Cursor } from '../packages/xarray/src/cursor.ts';
import { Ida, IntMap, XArray } from '../packages/xarray/src/index.ts';
import { SharedXArray } from '../packages/xarray/src/shared/index.ts';
import { SUBJECTS, type Subject } from './support/calls.ts';

const words = (): Int32Array => new Int32Array(new SharedArrayBuffer(4 * 100));
const none = (): void => {};

/** What the test of numbers has no good call of: nothing in it is a number, or its memory must be made first. */
const MORE: Record<string, Subject> = {
  '@idspace/lock Mutex': {
    make: () => new Mutex(words(), 0, 1),
    args: { new: [words(), 0, 1, { alive: () => true, looks: 1 }], bury: [2] },
  },
  '@idspace/lock SpinLock': {
    make: () => new SpinLock(words(), 0, 1),
    args: { new: [words(), 0, 1, { alive: () => true }], bury: [2] },
  },
  '@idspace/lock LockTable': {
    make: () => new LockTable(words(), 0, 2, 1),
    args: {
      new: [words(), 0, 2, 1, { alive: () => true }],
      wordsFor: [2],
      tryLock: [1, 2, 3],
      lock: [1, 2, 3],
      holder: [1, 2, 3],
      bury: [2],
    },
  },
  '@idspace/lock Roster': {
    make: () => {
      const roster = new Roster(words(), 0, 9);
      roster.join(1);
      return roster;
    },
    args: { new: [words(), 0, 9], join: [2], leave: [1], bury: [1], generation: [1] },
  },
  '@idspace/mem-trace trace': {
    make: () => ({ trace, regionsOf }),
    args: {
      trace: [{ subject: { field: new Int32Array(1) } }, none, { addresses: new AddressMap() }],
      regionsOf: [null],
    },
  },
  '@idspace/cache-sim parseGeometry': { make: () => cacheSim, args: { parseGeometry: ['512,2,64', 'L1'] } },
  '@idspace/cache-sim/trace DinWriter': { make: () => new DinWriter(none), args: { new: [none], fetch: [1, 4] } },
  '@idspace/xarray Cursor': {
    make: () => new Cursor(new XArray(), 0),
    // biome-ignore format: what belongs together stands in a row
    args: {
      set: [1], setOrder: [1, 2], setRange: [1, 2], store: [1], find: [5], findPrev: [0], findMarked: [5, 1], getMark: [1], setMark: [1],
      clearMark: [1],
    },
  },
};

/** Of a string, an error shows the first 60 characters. */
const LONG = 'nonsense'.repeat(8);
/** Values that none of the parameters takes. */
const NONSENSE = ['nonsense', LONG, null, Symbol('nonsense')] as const;

/** What has no key of its own, or none of an option, and would be passed over as options; and what an error says that it is. */
const COLLECTIONS: [got: string, value: object][] = [
  ['[object Map]', new Map([[1, 2]])],
  ['[object Set]', new Set([1])],
  ['[object Array]', []],
  ['[object Array]', [[1, 2]]],
  ['[object Uint8Array]', new Uint8Array(1)],
  ['[object ArrayBuffer]', new ArrayBuffer(8)],
  ['[object Date]', new Date(0)],
  ['[object IntMap]', new IntMap([[1, 2]])],
  ['an iterable', new Ida([1])],
];

const FORM = /^(?:new )?\w+(?:\.\w+)?$/;

/** Packages that model a kernel name the package, or the argument alone: a check is shared by many calls. */
const WITHOUT_CALL = /^@idspace\/(posix-timers|kernel-ids)\b/;

interface Refusal extends RangeError {
  argument: string;
  got: string;
  expected: string;
}

/** Holds an error to the form; returns what it says was called. */
function held(error: unknown, where: string): Refusal & { call: string } {
  expect(error, where).toBeInstanceOf(RangeError);
  const { argument, got, expected, message } = error as Refusal;
  for (const part of [argument, got, expected]) expect(part, `${where}: ${message}`).toMatch(/./);
  const rest = `${argument}: got ${got}, expected ${expected}`;
  expect(message.endsWith(rest), message).toBe(true);
  // Numbers that can be pasted: no minus sign of typography, and no powers in superscript.
  expect(expected, message).not.toMatch(/[−²³¹⁰⁴-⁹]/);
  expect(Object.keys(error as object), where).toEqual([]);
  return Object.assign(error as Refusal, { call: message.slice(0, -rest.length).replace(/: $/, '') });
}

function outcome(subject: Subject, name: string, args: unknown[]): unknown {
  const made = subject.make() as Record<string, unknown>;
  const type = made.constructor as unknown as Record<string, unknown>;
  try {
    if (name === 'new') return new (made.constructor as new (...given: unknown[]) => unknown)(...args);
    const self = name in made ? made : type;
    return (self[name] as (...given: unknown[]) => unknown).apply(self, args);
  } catch (error) {
    return { error };
  }
}

const isError = (answer: unknown): answer is { error: unknown } =>
  typeof answer === 'object' && answer !== null && 'error' in answer;

describe.each(Object.entries({ ...SUBJECTS, ...MORE }))('%s', (key, subject) => {
  const name = key.split(' ')[1]!;
  const made = subject.make();
  const isThere = (call: string): boolean => call === 'new' || call in made || call in made.constructor;
  const calls = Object.entries(subject.args).filter(([call]) => !subject.internal?.includes(call) && isThere(call));

  test.each(calls)('%s names itself, the argument, what it got and what it expects', (call, args) => {
    let refused = 0;
    for (const [at, good] of args.entries()) {
      const parts = isBag(good) ? [undefined, ...Object.keys(good)] : [undefined];
      for (const part of parts) {
        for (const value of NONSENSE) {
          const bad = [...args];
          bad[at] = part === undefined ? value : { ...(good as object), [part]: value };
          const answer = outcome(subject, call, bad);
          if (!isError(answer)) continue;
          // A snapshot or a handle that is none is refused with the class for what comes from outside.
          if ((answer.error as { code?: string }).code !== undefined) continue;
          const error = held(answer.error, `${name} ${call} ${at} ${part ?? ''}`);
          refused++;
          if (value === LONG && error.got.includes('nonsense')) expect(error.got).toContain(`'${LONG.slice(0, 60)}'`);
          if (WITHOUT_CALL.test(key)) continue;
          expect(error.call).toMatch(FORM);
          expect(error.call).toBe(call === 'new' ? `new ${name}` : isModule(made) ? call : `${name}.${call}`);
          if (part !== undefined && !isLevels(part)) expect(error.message).toContain(part);
        }
      }
    }
    const answers = call in (subject.answers ?? {}) || call === 'has';
    if (!answers && args.length > 0) expect(refused).toBeGreaterThan(0);
  });

  const bags = calls.flatMap(([call, args]) =>
    args.flatMap((arg, at) => (isBag(arg) && isOptions(key, call) ? [{ call, args, at, bag: arg }] : [])),
  );
  test.skipIf(bags.length === 0).each(bags)(
    '$call refuses an option that it does not know',
    ({ call, args, at, bag }) => {
      for (const key of ['nonsense', 'capacitty', 'toString']) {
        const bad = [...args];
        bad[at] = { ...bag, [key]: undefined };
        const answer = outcome(subject, call, bad);
        const error = held(isError(answer) ? answer.error : undefined, `${name} ${call} ${key}`);
        expect(error.got).toBe(`the key '${key}'`);
        for (const known of Object.keys(bag)) expect(error.expected).toContain(known);
      }
    },
  );

  test.skipIf(bags.length === 0).each(bags)('$call refuses a collection in their place', ({ call, args, at }) => {
    for (const [kind, collection] of COLLECTIONS) {
      // It takes entries there, too, and its tests say what of them it refuses.
      if (name === 'XArrayOf' && Symbol.iterator in collection) continue;
      // These say which of its fields is no option.
      if (kind === 'an iterable' && WITHOUT_CALL.test(key)) continue;
      const bad = [...args];
      bad[at] = collection;
      const answer = outcome(subject, call, bad);
      const error = held(isError(answer) ? answer.error : undefined, `${name} ${call} ${kind}`);
      expect(error.got).toBe(kind);
    }
  });

  test.skipIf(bags.length === 0).each(bags)('$call takes an option that is undefined for one not given', (row) => {
    const { call, args, at, bag } = row;
    for (const key of Object.keys(bag).filter((one) => !isLevels(one) && !isNeeded(one))) {
      const given = [...args];
      given[at] = { ...bag, [key]: undefined };
      const answer = outcome(subject, call, given);
      expect(isError(answer) ? answer.error : undefined, key).toBeUndefined();
    }
  });
});

/** An object of options or of fields, made with braces. */
function isBag(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** What is not an object of options: a batch of accesses, the objects of a trace, what timerGettime fills, a machine that modelIds reads a part of. */
function isOptions(key: string, call: string): boolean {
  return (
    call !== 'play' &&
    call !== 'timerGettime' &&
    call !== 'modelIds' &&
    !(key.includes('mem-trace') && call === 'trace')
  );
}

/** Parts that hold parts of their own. */
function isLevels(part: string): boolean {
  return ['levels', 'kinds', 'addresses', 'bytes', 'subject', 'length', 'start', 'name'].includes(part);
}

const SETTING = ['valueSec', 'valueNsec', 'intervalSec', 'intervalNsec'];

/** Parts without which there is no region, kernel, sigevent or setting. */
function isNeeded(part: string): boolean {
  return ['name', 'start', 'bytes', 'release', 'notify', ...SETTING].includes(part);
}

/** Whether the calls are functions of a module, not methods. */
function isModule(made: object): boolean {
  return Object.prototype.toString.call(made) === '[object Module]' || Object.getPrototypeOf(made) === Object.prototype;
}

/** The packages whose objects people may send to workers, or copy, as they do with a Map. */
const STRUCTURES = /^@idspace\/(xarray|next-id|hash-table|lock)\b/;

test.each(
  Object.entries({ ...SUBJECTS, ...MORE }).filter(
    ([key, { make }]) => STRUCTURES.test(key) && !isModule(make() as object),
  ),
)('structuredClone of %s is refused, and says what to send', (_, { make }) => {
  expect(() => structuredClone(make())).toThrow(
    expect.objectContaining({ name: 'DataCloneError', message: expect.stringContaining('send ') }),
  );
});

test.each([
  ['SharedXArray', SharedXArray],
  ['SharedHashTable', SharedHashTable],
  ['SharedIdPool', SharedIdPool],
  ['SharedNextId', SharedNextId],
])('%s.attach says what it got, of whatever kind, and runs none of its code', (_, type) => {
  const trap = { toString: () => expect.unreachable(), [Symbol.toPrimitive]: () => expect.unreachable() };
  for (const handle of [
    undefined,
    null,
    5,
    'handle',
    Symbol('handle'),
    Object.create(null),
    trap,
    new ArrayBuffer(8),
  ]) {
    const error = thrown(() => (type as { attach(handle: unknown): unknown }).attach(handle)) as Error & {
      code: string;
    };
    expect([error.code, error.message]).toEqual([
      'bad-handle',
      expect.stringMatching(/: handle: got .+, expected .+$/),
    ]);
  }
});

test('options that are not an object are refused', () => {
  for (const options of [null, 5, 'from0']) {
    expect(
      held(
        thrown(() => new XArray(options as never)),
        'new XArray',
      ).argument,
    ).toBe('options');
  }
});

test.each([
  ['IdPool', (...args: unknown[]) => new IdPool(...(args as []))],
  ['GenerationalId', (...args: unknown[]) => new GenerationalId(...(args as []))],
  ['XArray', (...args: unknown[]) => new XArray(...(args as []))],
] as const)('new %s(1, 10), as other libraries have it, is refused by its own name', (name, make) => {
  expect(() => make(1, 10)).toThrow(new RegExp(`^new ${name}: options: got 1, expected`));
  expect(make({}, 10)).toBeDefined();
});

test('new IntMap says which entry is none', () => {
  expect(
    held(
      thrown(() => new IntMap([1, 2] as never)),
      'new IntMap',
    ).message,
  ).toBe('new IntMap: entries[0]: got 1, expected [key, value]');
  expect(
    held(
      thrown(() => new IntMap(5 as never)),
      'new IntMap',
    ).argument,
  ).toBe('entries');
});

test('functions that take text, streams or plans speak alike', async () => {
  expect(
    held(
      thrown(() => cacheSim.cpuPreset('abacus')),
      'cpuPreset',
    ).got,
  ).toBe("'abacus'");
  const opened = await openTrace(new Uint8Array(), { format: 'elf' as never }).catch((error) => error);
  expect(held(opened, 'openTrace').call).toBe('openTrace');
  const options = await openTrace(new Uint8Array(), { formt: 'din' } as never).catch((error) => error);
  expect(held(options, 'openTrace').got).toBe("the key 'formt'");
  // No class: the argument comes first.
  for (const error of [
    thrown(() => planRestore({ processes: [] } as never, { kernel: 6 as never, criu: '4.2' })),
    thrown(() => evaluate({ timers: -1 } as never)),
  ]) {
    const { argument, got, expected, message } = error as Refusal;
    expect(message).toBe(`${argument}: got ${got}, expected ${expected}`);
  }
});

function thrown(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}
