// The hashes themselves, of words that were checked before: those that Linux has used for (owner pointer, timer ID): a multiplicative one and Bob Jenkins' lookup3 (public domain).
// And one with a key, for tables whose keys others choose: HalfSipHash (J.-P. Aumasson, D. J. Bernstein; public domain).
// Source: include/linux/hash.h and include/linux/jhash.h, Linux 5.17; kernel/time/posix-timers.c, Linux 3.10 and 6.15.

/** The multiplier of hash_32 since Linux 4.7: 2³² / φ², φ the golden ratio. */
export const GOLDEN_RATIO_32 = 0x61c8_8647;
/** The multiplier of hash_32 before Linux 4.7: 2³¹ + 2²⁹ − 2²⁵ + 2²² − 2¹⁹ − 2¹⁶ + 1, a prime near 2³² / φ. */
export const GOLDEN_RATIO_PRIME_32 = 0x9e37_0001;

/** Start value of lookup3 for a key of two words: its arbitrary constant plus the key's length in bytes. */
const JHASH_START = 0xdead_beef + (2 << 2);

/** Bob Jenkins' lookup3 of an owner's words, seeded with an ID, all of them 32 bits: see jhash2. */
export function lookup3(ownerLo: number, ownerHi: number, id: number): number {
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

/** HalfSipHash-1-3 of an owner's words and an ID under a secret, all of them 32 bits: see halfSipHash. */
export function halfSip(ownerLo: number, ownerHi: number, id: number, keyLo: number, keyHi: number): number {
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
