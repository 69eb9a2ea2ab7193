// Values of flags, checked where they enter.
import { InvalidArgumentError } from 'commander';

/**
 * Makes a parser for a flag that takes a whole number.
 *
 * @param min @param max Both ends are allowed.
 */
export function wholeNumber(min: number, max: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) {
      throw new InvalidArgumentError(`Got '${text}', expected a whole number, ${min}…${max}.`);
    }
    return value;
  };
}

/** Parses a flag that takes a number of 0 or more, such as a time. */
export function notNegative(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new InvalidArgumentError(`Got '${text}', expected a number of 0 or more.`);
  }
  return value;
}

/** Parses a flag that takes names with commas between them. */
export function names(text: string): string[] {
  const list = text.split(',').map((name) => name.trim());
  if (list.includes('')) throw new InvalidArgumentError(`Got '${text}', expected names with commas between them.`);
  return list;
}
