// Every number of every public call of the data structures is checked as a number: what is none is a RangeError, or the
// answer that a call says it has for any value; and nothing has changed.
import { inspect, isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { withinBudget } from '../packages/testkit/src/index.ts';
import { SUBJECTS, type Subject } from './support/calls.ts';
import { type Call, type Parameter, publicApi } from './support/public-api.ts';
import { published } from './support/workspace.ts';

/** What no number may be, and what JavaScript makes a number of all the same. */
// biome-ignore format: what belongs together stands in a row
const NO_NUMBERS = [
  null, '', '0', '1', [], [1], {}, false, true, 1n, -1n, Symbol('1'), new Date(1), () => 1,
  { valueOf: () => 1 }, { toString: () => '1' }, Object.create(null),
];
const FRACTIONS = [0.5, -0.5, 1.000001, Number.NEGATIVE_INFINITY, Number.NaN];

const PACKAGES = ['xarray', 'next-id', 'hash-table', 'posix-timers', 'kernel-ids', 'cache-sim', 'mem-trace'];
const api = publicApi(published.filter(({ folder }) => PACKAGES.includes(folder.replace('packages/', '')))).filter(
  ({ specifier }) => !/\/(conformance|races|trace)$/.test(specifier),
);

const takesNumbers = ({ type, numbers }: Parameter): boolean => isNumber(type) || numbers.length > 0;
const isNumber = (type: string): boolean => /^(number|Index|Entry)\b/.test(type);

/** All state there is, private fields included. */
const stateOf = (object: object): string =>
  inspect(object, { customInspect: false, showHidden: true, depth: 8, maxArrayLength: 200, breakLength: Infinity });

/** Makes the call with good arguments but one. */
function attempt(subject: Subject, name: string, args: unknown[]): { answer: unknown; changed: boolean; left: string } {
  const made = subject.make() as Record<string, unknown>;
  const state = (): string => stateOf((subject.state?.(made as never) ?? made) as object);
  const before = state();
  const type = made.constructor as unknown as Record<string, unknown>;
  let answer: unknown;
  try {
    if (name === 'new') answer = new (made.constructor as new (...given: unknown[]) => unknown)(...args);
    else
      answer = ((made[name] ?? type[name]) as (...given: unknown[]) => unknown).apply(name in made ? made : type, args);
  } catch (error) {
    answer = error;
  }
  const left = state();
  return { answer, changed: left !== before, left };
}

/** The arguments with a value in the place of a parameter, or of a property of it. */
function replaced(args: unknown[], at: number, property: string | undefined, value: unknown): unknown[] {
  const copy = [...args];
  copy[at] = property === undefined ? value : { ...(args[at] as object), [property]: value };
  return copy;
}

describe.each(api.filter(({ calls }) => calls.some(({ parameters }) => parameters.some(takesNumbers))))(
  '$specifier $name',
  ({ specifier, name, calls }) => {
    const subject = SUBJECTS[`${specifier} ${name}`];
    const checked = calls.filter(({ parameters }) => parameters.some(takesNumbers));

    test('has a good call for each that takes a number', () => {
      expect(subject, `${specifier} ${name} in test/support/calls.ts`).toBeDefined();
      const missing = checked
        .filter(({ name }) => subject!.args[name] === undefined && !subject!.internal?.includes(name))
        .map(({ name }) => name);
      expect(missing).toEqual([]);
    });

    test.each(checked)('$name', (call: Call) => {
      const args = subject!.args[call.name];
      if (args === undefined) return;
      const good = attempt(subject!, call.name, args).answer;
      expect(good instanceof Error ? good : undefined, 'the good call').toBeUndefined();
      for (const [at, parameter] of call.parameters.entries()) {
        const properties = isNumber(parameter.type) ? [undefined, ...parameter.numbers] : parameter.numbers;
        for (const property of properties) {
          // A number that may be an object of options, too, is given as that.
          if (property !== undefined && (typeof args[at] !== 'object' || !(property in args[at]!))) continue;
          const isBag = property === undefined && parameter.numbers.length > 0;
          const place = {
            subject: subject!,
            call: call.name,
            args,
            at,
            property,
            parameter: property ?? parameter.name,
          };
          refuses(place, isBag);
          takesMinusZero(place);
        }
      }
    });
  },
);

/** A seed of its own for each parameter: together they meet all bad values in any budget. */
function seedOf(name: string): number {
  return [...name].reduce((seed, char) => (Math.imul(seed, 31) + char.charCodeAt(0)) >>> 0, 7);
}

/** A number that a call takes: a parameter, or a property of it, among good arguments. */
interface Place {
  subject: Subject;
  call: string;
  args: unknown[];
  at: number;
  property: string | undefined;
  parameter: string;
}

function refuses({ subject, call, args, at, property, parameter }: Place, isBag: boolean): void {
  if (subject.anything?.includes(`${call}.${parameter}`)) return;
  const bad = subject.fractions?.includes(`${call}.${parameter}`) ? NO_NUMBERS : [...NO_NUMBERS, ...FRACTIONS];
  for (const value of withinBudget(bad, { least: 2, seed: seedOf(`${call}.${parameter}`) })) {
    if (isBag && typeof value === 'object' && value !== null) continue;
    if (typeof value === 'bigint' && subject.bigints?.includes(`${call}.${parameter}`)) continue;
    const { answer, changed } = attempt(subject, call, replaced(args, at, property, value));
    const where = `${call}: ${parameter} = ${inspect(value)}: ${inspect(answer)}`;
    const key = [call, `${call}.${parameter}`].find((key) => subject.answers !== undefined && key in subject.answers);
    if (key !== undefined) expect(answer, where).toBe(subject.answers![key]);
    else expect(answer, where).toBeInstanceOf(RangeError);
    expect(changed, `${where}: changed something`).toBe(false);
  }
}

/** −0 is the number 0: the same answer, or the same error, and the same state afterwards, but for the sign of a zero that is kept. */
function takesMinusZero({ subject, call, args, at, property, parameter }: Place): void {
  const [first, zero, minus] = [0, 0, -0].map((value) => attempt(subject, call, replaced(args, at, property, value)));
  const where = `${call}: ${parameter} = −0`;
  // Where what is given is itself changed, no call is like another.
  if (!isDeepStrictEqual([answerOf(first!.answer), first!.left], [answerOf(zero!.answer), zero!.left])) return;
  expect(answerOf(minus!.answer), where).toEqual(answerOf(zero!.answer));
  expect(unsigned(minus!.left) === unsigned(zero!.left), where).toBe(true);
}

/** The text of a state in which the signs of zeroes do not show, nor the room for them. */
const unsigned = (text: string): string => text.replace(/(?<![\w.])-0(?![\w.])/g, '0').replace(/\s+/g, ' ');

/** What can be told of an answer: of an object in it that was made, nothing; numbers with their signs. */
function answerOf(answer: unknown): unknown {
  if (answer instanceof Error) return String(answer);
  if (typeof answer !== 'object' || answer === null) return answer;
  const isPlain = Array.isArray(answer) || Object.getPrototypeOf(answer) === Object.prototype;
  return isPlain ? Object.entries(answer).map(([key, value]) => [key, answerOf(value)]) : typeof answer;
}
