// The hashes of the tables as functions of their own: each argument is checked.
import { GOLDEN_RATIO_32, halfSip, lookup3 } from './hashes.ts';
import { checkWord } from './keys.ts';
import { refused } from './misuse.ts';

/**
 * Hashes a 64-bit owner and an ID to `bits` bits by multiplication.
 *
 * Only the low 32 bits of owner XOR (owner >> 32) count, XORed with the ID: two owners that differ as two IDs differ
 * share buckets.
 *
 * @param ownerLo Low word of the owner, u32.
 * @param ownerHi High word of the owner, u32.
 * @param id The ID, u32.
 * @param bits Width of the result, 1…32.
 * @param golden The multiplier, u32. Default GOLDEN_RATIO_32.
 * @returns The hash, 0…2^bits − 1.
 * @throws RangeError if `bits` is no integer 1…32, or another number no 32 bits, as u32 or as int32.
 *
 * Cost: two XORs, one multiplication, one shift.
 * Source: hash_32() and hash32_ptr(), include/linux/hash.h, Linux 5.17.
 */
export function hash32(
  ownerLo: number,
  ownerHi: number,
  id: number,
  bits: number,
  golden: number = GOLDEN_RATIO_32,
): number {
  checkWord('hash32', 'ownerLo', ownerLo);
  checkWord('hash32', 'ownerHi', ownerHi);
  checkWord('hash32', 'id', id);
  checkWord('hash32', 'golden', golden);
  if (!Number.isInteger(bits) || bits < 1 || bits > 32) throw refused('hash32', 'bits', bits, 'an integer 1…32');
  return Math.imul(ownerLo ^ ownerHi ^ id, golden) >>> (32 - bits);
}

/**
 * Hashes a 64-bit owner, seeded with an ID, to 32 bits by Bob Jenkins' lookup3.
 *
 * @param ownerLo Low word of the owner, u32: the first word of the key, as on a little-endian machine.
 * @param ownerHi High word of the owner, u32.
 * @param id The ID, u32: the start value.
 * @returns The hash, u32; mask it to a power of two.
 * @throws RangeError if a number is no 32 bits, as u32 or as int32.
 *
 * Cost: about 25 additions, XORs and rotations.
 * Source: jhash2(), include/linux/jhash.h, Linux 5.17, for a key of two words; lookup3.c by Bob Jenkins.
 */
export function jhash2(ownerLo: number, ownerHi: number, id: number): number {
  checkWord('jhash2', 'ownerLo', ownerLo);
  checkWord('jhash2', 'ownerHi', ownerHi);
  checkWord('jhash2', 'id', id);
  return lookup3(ownerLo, ownerHi, id);
}

/**
 * Hashes a 64-bit owner and an ID to 32 bits under a secret, by HalfSipHash-1-3: without the secret there is no way to find
 * keys that collide but by trying.
 *
 * @param ownerLo Low word of the owner, u32.
 * @param ownerHi High word of the owner, u32.
 * @param id The ID, u32.
 * @param keyLo Low word of the secret, u32.
 * @param keyHi High word of the secret, u32.
 * @returns The hash, u32; mask it to a power of two.
 * @throws RangeError if a number is no 32 bits, as u32 or as int32.
 *
 * Cost: seven rounds of 14 additions, XORs and rotations.
 * Source: hsiphash() for three words, include/linux/siphash.h, Linux 5.17, as on 32-bit machines.
 */
export function halfSipHash(ownerLo: number, ownerHi: number, id: number, keyLo: number, keyHi: number): number {
  checkWord('halfSipHash', 'ownerLo', ownerLo);
  checkWord('halfSipHash', 'ownerHi', ownerHi);
  checkWord('halfSipHash', 'id', id);
  checkWord('halfSipHash', 'keyLo', keyLo);
  checkWord('halfSipHash', 'keyHi', keyHi);
  return halfSip(ownerLo, ownerHi, id, keyLo, keyHi);
}
