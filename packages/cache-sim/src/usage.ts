// How much of a line is used while it is in a cache.
import { bitsIn } from './bits.ts';

/** What the lines that a cache brought in were good for. */
export interface UsageStats {
  /** Lines brought in, those still there included. */
  lines: number;
  /** Bytes of them used at least once while they were there. */
  bytes: number;
  /** bytes / (lines × bytes in a line); 0 when there were none. */
  share: number;
}

/** Follows the places of one cache. */
export class LineUsage {
  /** Int32 words of bits, one bit for each byte of a line. */
  private readonly words: number;
  /** Int32Array, shape [places × words]. */
  private readonly used: Int32Array;
  /** 1 where the line was brought in since the last reset. */
  private readonly counted: Uint8Array;
  private lines = 0;
  private bytes = 0;

  constructor(places: number, lineBytes: number) {
    this.words = (lineBytes + 31) >>> 5;
    this.used = new Int32Array(places * this.words);
    this.counted = new Uint8Array(places);
  }

  /** A line comes in. */
  begin(place: number): void {
    this.end(place);
    this.counted[place] = 1;
    this.lines++;
  }

  /** The bytes from…to−1 of the line there are used. */
  use(place: number, from: number, to: number): void {
    const first = place * this.words;
    for (let at = from; at < to; ) {
      const end = Math.min(to, (at & ~31) + 32);
      // Bits at…end−1 of their word: all 32 if it is all of it.
      this.used[first + (at >>> 5)] |= (-1 >>> (32 - (end - at))) << at;
      at = end;
    }
  }

  /** The line leaves. */
  end(place: number): void {
    if (this.counted[place] === 1) this.bytes += this.usedBytes(place);
    this.counted[place] = 0;
    this.used.fill(0, place * this.words, (place + 1) * this.words);
  }

  /** Lines brought in, and their bytes used so far. */
  sums(): { lines: number; bytes: number } {
    let bytes = this.bytes;
    for (let place = 0; place < this.counted.length; place++) {
      if (this.counted[place] === 1) bytes += this.usedBytes(place);
    }
    return { lines: this.lines, bytes };
  }

  /** Counts from now on the lines that come in from now on. */
  resetCounters(): void {
    this.lines = this.bytes = 0;
    this.counted.fill(0);
  }

  clear(): void {
    this.resetCounters();
    this.used.fill(0);
  }

  private usedBytes(place: number): number {
    let bytes = 0;
    for (let word = 0; word < this.words; word++) bytes += bitsIn(this.used[place * this.words + word]);
    return bytes;
  }
}

/** Adds up the caches of all cores. */
export function usageStats(usages: readonly LineUsage[], lineBytes: number): UsageStats {
  const sums = usages.map((usage) => usage.sums());
  const lines = sums.reduce((sum, one) => sum + one.lines, 0);
  const bytes = sums.reduce((sum, one) => sum + one.bytes, 0);
  return { lines, bytes, share: lines === 0 ? 0 : bytes / (lines * lineBytes) };
}
