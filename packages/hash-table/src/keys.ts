// What a key and a handle may be, the same for every table.
import { refused } from './misuse.ts';

/** Largest ID and largest handle: 2³¹ − 1. */
export const INT_MAX = 0x7fff_ffff;
/** What a word of an owner may be. */
const WORD = 'an integer -2147483648…4294967295';

/** Refuses a key whose words are no 32 bits or whose ID is not u31. */
export function checkKey(call: string, ownerLo: number, ownerHi: number, id: number): void {
  if (!isWord(ownerLo) || !isWord(ownerHi) || typeof id !== 'number' || (id & INT_MAX) !== id) {
    refuseKey(call, ownerLo, ownerHi, id);
  }
}

/** Refuses a handle that is not 1…2³¹−1. */
export function checkHandle(call: string, handle: number, argument = 'handle'): void {
  if (typeof handle !== 'number' || (handle & INT_MAX) !== handle || handle === 0) refuseHandle(call, handle, argument);
}

/** Whether a value is a number of 32 bits, as u32 or as int32. */
function isWord(word: number): boolean {
  return typeof word === 'number' && (word >>> 0 === word || (word | 0) === word);
}

/** Refuses what does not have 32 bits, as u32 or as int32. */
export function checkWord(call: string, name: string, word: number): void {
  if (!isWord(word)) throw refused(call, name, word, WORD);
}

// What refuses is kept out of the functions that are called a billion times: V8 inlines small ones only.

function refuseKey(call: string, ownerLo: number, ownerHi: number, id: number): never {
  if (!isWord(ownerLo)) throw refused(call, 'ownerLo', ownerLo, WORD);
  throw isWord(ownerHi) ? refused(call, 'id', id, `an integer 0…${INT_MAX}`) : refused(call, 'ownerHi', ownerHi, WORD);
}

function refuseHandle(call: string, handle: number, argument: string): never {
  throw refused(call, argument, handle, `an integer 1…${INT_MAX}`);
}
