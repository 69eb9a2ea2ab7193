// Which addresses belong to which field.
import { type AddressMap, largestLength } from './address-map.ts';
import type { TypedArray } from './typed-array.ts';

/** A part of memory that is a field's: what `@idspace/cache-sim` takes as a region. */
export interface Region {
  /** 'object.field', as the sink gets it. */
  name: string;
  /** Address of its first byte. */
  start: number;
  bytes: number;
}

/** The regions of one trace; they do not overlap. */
export class FieldRegions {
  readonly addresses: AddressMap;
  private readonly regions: Region[] = [];
  /** Parts that have a name, by the address of their buffer. */
  private readonly named = new Map<number, Region[]>();
  private readonly listeners: ((region: Region) => unknown)[] = [];

  constructor(addresses: AddressMap) {
    this.addresses = addresses;
  }

  /** Names what of an array has no name yet. */
  add(name: string, array: TypedArray): void {
    const { buffer, byteOffset, byteLength } = array;
    const start = this.addresses.addressOf(array);
    const base = start - byteOffset;
    // An array that ends with its buffer may follow it when that is resized.
    const end = byteOffset + byteLength === buffer.byteLength ? base + largestLength(buffer) : start + byteLength;
    const before = this.named.get(base) ?? [];
    this.named.set(base, before);
    let at = start;
    for (const { start: from, bytes } of [...before, { start: end, bytes: 0 }]) {
      if (at >= end) break;
      if (from > at) this.append(before, { name, start: at, bytes: Math.min(from, end) - at });
      at = Math.max(at, from + bytes);
    }
  }

  /** Returns the regions, and passes on all of them and each that comes later. */
  list(added?: (region: Region) => unknown): Region[] {
    if (added !== undefined) {
      this.regions.forEach((region) => void added({ ...region }));
      this.listeners.push(added);
    }
    return this.regions.map((region) => ({ ...region }));
  }

  private append(before: Region[], region: Region): void {
    before.push(region);
    before.sort((a, b) => a.start - b.start);
    this.regions.push(region);
    for (const added of this.listeners) added({ ...region });
  }
}
