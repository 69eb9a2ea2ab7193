// The two hashes Linux has used for (owner pointer, timer ID): a multiplicative one and Bob Jenkins' lookup3 (public domain).
// And one with a key, for tables whose keys others choose: HalfSipHash (J.-P. Aumasson, D. J. Bernstein; public domain).
// Source: include/linux/hash.h and include/linux/jhash.h, Linux 5.17; kernel/time/posix-timers.c, Linux 3.10 and 6.15.

/** The multiplier of hash_32 since Linux 4.7: 2³² / φ², φ the golden ratio. */
export const GOLDEN_RATIO_32 = 0x61c8_8647;
/** The multiplier of hash_32 before Linux 4.7: 2³¹ + 2²⁹ − 2²⁵ + 2²² − 2¹⁹ − 2¹⁶ + 1, a prime near 2³² / φ. */
export const GOLDEN_RATIO_PRIME_32 = 0x9e37_0001;

/** Start value of lookup3 for a key of two words: its arbitrary constant plus the key's length in bytes. */
const JHASH_START = 0xdead_beef + (2 << 2);

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
 * @throws RangeError if `bits` is no integer 1…32.
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
  // 33 − bits is in 1…32 exactly for the widths allowed; the comparison by |0 refuses fractions and NaN as well.
  if ((bits | 0) !== bits || bits < 1 || bits > 32) {
    throw new RangeError(`hash-table: bits is ${String(bits)}, expected an integer 1…32`);
  }
  return Math.imul(ownerLo ^ ownerHi ^ id, golden) >>> (32 - bits);
}

/**
 * Hashes a 64-bit owner, seeded with an ID, to 32 bits by Bob Jenkins' lookup3.
 *
 * @param ownerLo Low word of the owner, u32: the first word of the key, as on a little-endian machine.
 * @param ownerHi High word of the owner, u32.
 * @param id The ID, u32: the start value.
 * @returns The hash, u32; mask it to a power of two.
 *
 * Cost: about 25 additions, XORs and rotations.
 * Source: jhash2(), include/linux/jhash.h, Linux 5.17, for a key of two words; lookup3.c by Bob Jenkins.
 */
export function jhash2(ownerLo: number, ownerHi: number, id: number): number {
  let c = (JHASH_START + id) | 0;
  let b = (c + ownerHi) | 0;
  let a = (c + ownerLo) | 0;
  c = ((c ^ b) - ((b << 14) | (b >>> 18))) | 0;
  a = ((a ^ c) - ((c << 11) | (c >>> 21))) | 0;
  b = ((b ^ a) - ((a << 25) | (a >>> 7))) | 0;
  c = ((c ^ b) - ((b << 16) | (b >>> 16))) | 0;
  a = ((a ^ c) - ((c << 4) | (c >>> 28))) | 0;
  b = ((b ^ a) - ((a << 14) | (a >>> 18))) | 0;
  return ((c ^ b) - ((b << 24) | (b >>> 8))) >>> 0;
}

/** Start values of HalfSipHash: "lyge", "tedb". */
const SIP2 = 0x6c79_6765;
const SIP3 = 0x7465_6462;
/** Its last word for a key of three words: their number of bytes. */
const SIP_LENGTH = 12 << 24;

/**
 * Hashes a 64-bit owner and an ID to 32 bits under a secret, by HalfSipHash-1-3: who does not know the secret finds no
 * keys that collide but by trying.
 *
 * @param ownerLo Low word of the owner, u32.
 * @param ownerHi High word of the owner, u32.
 * @param id The ID, u32.
 * @param keyLo Low word of the secret, u32.
 * @param keyHi High word of the secret, u32.
 * @returns The hash, u32; mask it to a power of two.
 *
 * Cost: seven rounds of 14 additions, XORs and rotations: about 16 ns more than jhash2.
 * Source: hsiphash() for three words, include/linux/siphash.h, Linux 5.17, as on 32-bit machines.
 */
export function halfSipHash(ownerLo: number, ownerHi: number, id: number, keyLo: number, keyHi: number): number {
  let v0 = keyLo | 0;
  let v1 = keyHi | 0;
  let v2 = keyLo ^ SIP2;
  let v3 = keyHi ^ SIP3;
  let word = ownerLo | 0;
  let second = ownerHi | 0;
  let third = id | 0;
  // A round takes a word in.
  for (let words = 4; words > 0; words--) {
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
    word = second;
    second = third;
    third = SIP_LENGTH;
  }
  v2 ^= 0xff;
  // The same rounds, on their own: they mix.
  for (let rounds = 3; rounds > 0; rounds--) {
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
  }
  return (v1 ^ v3) >>> 0;
}
