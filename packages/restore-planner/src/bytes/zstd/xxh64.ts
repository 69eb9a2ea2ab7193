// XXH64, of which a frame's checksum is the lower half. JavaScript has no fast integers of 64 bits: each is two words here.
// Source: the xxHash specification, 0.1.1.

/** A number of 64 bits: its high and its low word. */
type Long = readonly [high: number, low: number];

const P1: Long = [0x9e3779b1, 0x85ebca87];
const P2: Long = [0xc2b2ae3d, 0x27d4eb4f];
const P3: Long = [0x165667b1, 0x9e3779f9];
const P4: Long = [0x85ebca77, 0xc2b2ae63];
const P5: Long = [0x27d4eb2f, 0x165667c5];
const [P1_HIGH, P1_LOW] = P1;
const [P2_HIGH, P2_LOW] = P2;
const STRIPE = 32; // bytes: a long for each of four lanes

/** The hash of bytes that come piece by piece, with seed 0. */
export class Xxh64 {
  /** Int32Array, shape [4 × 2], high and low words of the lanes: P1 + P2, P2, 0 and -P1. */
  private readonly lanes = Int32Array.of(0x60ea27ee, 0xadc0b5d6, P2_HIGH, P2_LOW, 0, 0, 0x61c8864e, 0x7a143579);
  private readonly kept = new Uint8Array(STRIPE);
  private length = 0;

  update(bytes: Uint8Array): void {
    const there = this.length % STRIPE;
    this.length += bytes.length;
    if (there + bytes.length < STRIPE) {
      this.kept.set(bytes, there);
      return;
    }
    let at = 0;
    if (there > 0) {
      at = STRIPE - there;
      this.kept.set(bytes.subarray(0, at), there);
      this.addStripes(this.kept, 0, STRIPE);
    }
    const end = bytes.length - ((bytes.length - at) % STRIPE);
    this.addStripes(bytes, at, end);
    this.kept.set(bytes.subarray(end));
  }

  /** The lower half of the hash: 32 bits, as a signed number. */
  low(): number {
    let hash = plus(this.length >= STRIPE ? this.merged() : P5, [Math.floor(this.length / 2 ** 32), this.length | 0]);
    const rest = this.kept.subarray(0, this.length % STRIPE);
    let at = 0;
    for (; at + 8 <= rest.length; at += 8) {
      hash = mixed(hash, [wordAt(rest, at + 4), wordAt(rest, at)]);
    }
    if (at + 4 <= rest.length) {
      hash = plus(times(rotated(xor(hash, times([0, wordAt(rest, at)], P1)), 23), P2), P3);
      at += 4;
    }
    for (; at < rest.length; at++) hash = times(rotated(xor(hash, times([0, rest[at]!], P5)), 11), P1);
    hash = times(xor(hash, [0, hash[0] >>> 1]), P2); // moved right by 33 bits
    hash = times(xor(hash, [hash[0] >>> 29, (hash[0] << 3) | (hash[1] >>> 29)]), P3);
    return hash[0] ^ hash[1];
  }

  private merged(): Long {
    const lane = (index: number): Long => [this.lanes[index * 2]!, this.lanes[index * 2 + 1]!];
    let hash = plus(plus(rotated(lane(0), 1), rotated(lane(1), 7)), plus(rotated(lane(2), 12), rotated(lane(3), 18)));
    for (let index = 0; index < 4; index++) {
      hash = plus(times(xor(hash, times(rotated(times(lane(index), P2), 31), P1)), P1), P4);
    }
    return hash;
  }

  /** Every byte of what is hashed comes here: nothing is allocated. */
  private addStripes(bytes: Uint8Array, start: number, end: number): void {
    const { lanes } = this;
    for (let at = start; at < end; at += 8) {
      const lane = ((at - start) >> 2) & 6;
      const low = wordAt(bytes, at);
      const addedLow = Math.imul(low, P2_LOW);
      const addedHigh = highOfProduct(low, P2_LOW) + Math.imul(wordAt(bytes, at + 4), P2_LOW) + Math.imul(low, P2_HIGH);
      const sum = (lanes[lane + 1]! >>> 0) + (addedLow >>> 0);
      const sumHigh = lanes[lane]! + addedHigh + (sum > 0xffffffff ? 1 : 0);
      const turnedHigh = (sumHigh << 31) | (sum >>> 1);
      const turnedLow = (sum << 31) | (sumHigh >>> 1);
      lanes[lane] = highOfProduct(turnedLow, P1_LOW) + Math.imul(turnedHigh, P1_LOW) + Math.imul(turnedLow, P1_HIGH);
      lanes[lane + 1] = Math.imul(turnedLow, P1_LOW);
    }
  }
}

function mixed(hash: Long, input: Long): Long {
  return plus(times(rotated(xor(hash, times(rotated(times(input, P2), 31), P1)), 27), P1), P4);
}

function plus([ah, al]: Long, [bh, bl]: Long): Long {
  const low = (al >>> 0) + (bl >>> 0);
  return [(ah + bh + (low > 0xffffffff ? 1 : 0)) | 0, low | 0];
}

function times([ah, al]: Long, [bh, bl]: Long): Long {
  return [(highOfProduct(al, bl) + Math.imul(ah, bl) + Math.imul(al, bh)) | 0, Math.imul(al, bl)];
}

function xor([ah, al]: Long, [bh, bl]: Long): Long {
  return [ah ^ bh, al ^ bl];
}

/** Turned left, by 1 to 31 bits. */
function rotated([high, low]: Long, bits: number): Long {
  return [(high << bits) | (low >>> (32 - bits)), (low << bits) | (high >>> (32 - bits))];
}

/** The upper word of the product of two words, from the products of their halves. */
function highOfProduct(a: number, b: number): number {
  const ah = a >>> 16;
  const al = a & 0xffff;
  const bh = b >>> 16;
  const bl = b & 0xffff;
  const middle = ah * bl + ((al * bl) >>> 16);
  return ah * bh + (middle >>> 16) + (((middle & 0xffff) + al * bh) >>> 16);
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
