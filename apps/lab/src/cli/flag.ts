// Values of flags, checked where they enter. What they say is completed by the flag's name: "--timers: got 'x', expected …".
import { nearestWords } from '@idspace/restore-planner';
import { InvalidArgumentError } from 'commander';
import { FLAG_MESSAGE } from './failure.ts';
import { isRefusal } from './refusal.ts';

/** Refuses a flag's value. */
export function refuse(got: string, expected: string): never {
  throw new InvalidArgumentError(`${FLAG_MESSAGE}got '${got}', expected ${expected}`);
}

/**
 * Makes a parser for a flag that takes a whole number.
 *
 * @param min @param max Both ends are allowed.
 */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = exactCount(text);
    return value >= min && value <= max ? value : refuse(text, `a whole number, ${min}…${max}`);
  };
}

const COUNT = /^(\d+)(?:\.(\d+))?(?:e\+?(\d{1,2}))?([kKM])?$/;
const THOUSANDS: Readonly<Record<string, number>> = { k: 3, K: 3, M: 6 };

/** Reads a count as people write it: '20000', '20k', '2.5M', '1e5'. NaN for what is no whole number, or is too large to be exact. */
export function exactCount(text: string): number {
  const [, whole, fraction = '', exponent = '0', unit = ''] = COUNT.exec(text) ?? [];
  if (whole === undefined) return Number.NaN;
  const shift = Number(exponent) + (THOUSANDS[unit] ?? 0);
  const digits = fraction.replace(/0+$/, '');
  if (digits.length > shift) return Number.NaN;
  const value = Number(`${whole}${digits}${'0'.repeat(shift - digits.length)}`);
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

const BINARY: Readonly<Record<string, number>> = { k: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/** Writes sizes as people name caches in bytes: '32k,8,64' and '32KiB,8,64' are '32768,8,64'. What has another form stays as it is. */
export function inBytes(text: string): string {
  return text.replace(/\b(\d{1,9})([kKMG])(?:iB)?\b/g, (_, digits: string, unit: string) => {
    return String(Number(digits) * BINARY[unit === 'K' ? 'k' : unit]!);
  });
}

/**
 * Makes a parser for a flag that takes a number, such as a time or a rate.
 *
 * @param min @param max Both ends are allowed. Every flag has an end: what is computed from it must stay a number.
 * @param expected What a refusal says instead of the ends.
 */
export function between(min: number, max: number, expected?: string): (text: string) => number {
  return (text) => {
    const value = decimal(text);
    if (value >= min && value <= max) return value;
    if (expected !== undefined) refuse(text, expected);
    if (value > 0) refuse(text, `a number, ${min}…${max}`);
    return refuse(text, min > 0 ? 'a number above 0' : 'a number, 0 or more');
  };
}

/** Reads '12', '0.5', '1e-3' or '20k'; NaN for anything else, such as '', '0x10' or 'Infinity'. */
function decimal(text: string): number {
  return /^-?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(text.trim()) ? Number(text) : exactCount(text.trim());
}

/** Makes a parser for a flag that takes a value or the word 'measured'. */
export function measuredOr<Value>(parse: (text: string) => Value): (text: string) => Value | 'measured' {
  return proposing(['measured'], (text: string) => {
    if (text === 'measured') return text;
    try {
      return parse(text);
    } catch (error) {
      throw error instanceof InvalidArgumentError
        ? new InvalidArgumentError(`${error.message}, or 'measured'${didYouMean(text, ['measured'])}`)
        : (error as Error);
    }
  });
}

/** A parser that says which names it takes, so that a shell can complete them. */
export type NameParser<Value> = ((text: string) => Value) & {
  readonly names: readonly string[];
  readonly several?: true;
};

/** Makes a parser for a flag that takes one of some names. */
export function oneOf<Name extends string>(names: readonly Name[]): NameParser<Name> {
  const parse = (text: string): Name =>
    names.find((name) => name === text) ?? refuse(text, `one of ${names.join(', ')}${didYouMean(text, names)}`);
  return Object.assign(parse, { names });
}

/** ' (did you mean …?)' where a name is near, else nothing. */
export function didYouMean(text: string, names: readonly string[]): string {
  const near = nearestWords(text, names);
  return near.length === 0 ? '' : ` (did you mean ${near.join(' or ')}?)`;
}

/** Makes a parser for a flag that takes some of the names, each once, with commas between them. */
export function someOf<Name extends string>(names: readonly Name[]): NameParser<Name[]> {
  return Object.assign(listOf(oneOf(names), 'name'), { names, several: true as const });
}

/** Makes a parser for a flag that takes several values, each once, with commas between them. @param what What a value is called. */
export function listOf<Value>(parse: (text: string) => Value, what: string): (text: string) => Value[] {
  return (text) => {
    const list = text.split(',').map((item) => parse(item.trim()));
    const seen = new Set<Value>();
    const twice = list.find((value) => seen.size === seen.add(value).size);
    return twice === undefined ? list : refuse(text, `each ${what} once, not ${String(twice)} twice`);
  };
}

/** A parser that takes other values than its names, too, such as the names of files: a shell proposes these. */
export interface Proposals {
  readonly proposed: readonly string[];
}

/** Says what a shell proposes for a value that need not be one of some names. */
export function proposing<Parse extends (text: string, before: never) => unknown>(
  proposed: readonly string[],
  parse: Parse,
): Parse & Proposals {
  return Object.assign(parse, { proposed });
}

/**
 * Makes a parser of a check: what it throws for a value becomes what the flag says.
 *
 * @param check Throws a {@link Refusal}.
 */
export function checkedBy<Value>(check: (text: string) => Value): (text: string) => Value {
  return (text) => {
    try {
      return check(text);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return refuse(text, error.expected);
    }
  };
}
