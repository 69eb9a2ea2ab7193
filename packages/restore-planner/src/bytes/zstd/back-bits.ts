// Bits that are read from the end of the bytes to their start. The highest bit set in the last byte tells where they begin.
// Source: RFC 8878, 4.1 and 4.2.2.
import { ZstdError } from './zstd-error.ts';

/** A stream of bits, read backwards. Bits before the first byte are zeros, and are counted as missing. */
export class BackBits {
  /** Bits that are left; below 0 where more were taken than there are. */
  left: number;
  private readonly bytes: Uint8Array;

  /** @throws ZstdError where the bytes do not tell where the bits begin. */
  constructor(bytes: Uint8Array) {
    const last = bytes.at(-1) ?? 0;
    if (last === 0) throw new ZstdError();
    this.bytes = bytes;
    this.left = bytes.length * 8 - 1 - Math.clz32(last << 24);
  }

  /** Takes bits, at most 31; the first of them is the highest. */
  take(count: number): number {
    if (count > 16) return (this.take(count - 16) << 16) | this.take(16);
    this.left -= count;
    return this.peekAt(this.left, count);
  }

  /** The next bits without taking them, at most 16. */
  peek(count: number): number {
    return this.peekAt(this.left - count, count);
  }

  private peekAt(position: number, count: number): number {
    const { bytes } = this;
    const mask = (1 << count) - 1;
    if (position < 0) return position <= -count ? 0 : (this.peekAt(0, count + position) << -position) & mask;
    const at = position >> 3;
    // Beyond the last byte there is nothing that the mask lets through.
    return ((bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)) >> (position & 7)) & mask;
  }
}
