// The part of node:util that tests use and that needs no Node.js.
import { arrayBufferEquality, equals, iterableEquality, sparseArrayEquality, typeEquality } from '@vitest/expect';

export { inspect } from 'node-inspect-extracted';

export function isDeepStrictEqual(one: unknown, other: unknown): boolean {
  return equals(one, other, [iterableEquality, typeEquality, sparseArrayEquality, arrayBufferEquality], true);
}
