// Options with keys that there are not.

import { didYouMean } from './nearest.ts';
import { refusal, refuse } from './refusal.ts';

/**
 * Checks that options are an object with known keys alone: a mistyped key must not be passed over in silence.
 *
 * @throws RangeError for the first key that is unknown, naming the one that may be meant.
 */
export function checkKeys(options: object, known: readonly string[]): void {
  // A Map has no key of its own, and would be passed over, too.
  if (Object.prototype.toString.call(options) !== '[object Object]') refuse('options', options, 'an object of options');
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw refusal('options', `the key '${unknown}'`, `some of ${known.join(', ')}${didYouMean(unknown, known)}`);
}
