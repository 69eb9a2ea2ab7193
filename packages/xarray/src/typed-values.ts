// The values of a TypedMap: a typed array of slots, of which the free ones are linked.
import { refused, show } from './misuse.ts';

/** Kinds of values: floating point, and whole numbers of 32 and 64 bits, signed and not. */
export type ValueType = 'f64' | 'i32' | 'u32' | 'i64' | 'u64';

/** What a value of a kind is in JS. */
export type ValueOf<T extends ValueType> = T extends 'i64' | 'u64' ? bigint : number;

type Store = Float64Array | Int32Array | Uint32Array | BigInt64Array | BigUint64Array;

/** A kind of values: its array, and the range that a value must be in. */
interface Format {
  readonly array: {
    new (length: number): Store;
    new (buffer: ArrayBufferLike, at: number, length: number): Store;
    readonly BYTES_PER_ELEMENT: number;
  };
  readonly low: number | bigint;
  readonly high: number | bigint;
}

/** What a kind is. A function, not a table: bundlers leave it out of programs without a TypedMap. */
function formatOf(type: ValueType): Format {
  switch (type) {
    case 'f64':
      return { array: Float64Array, low: -Infinity, high: Infinity };
    case 'i32':
      return { array: Int32Array, low: -0x8000_0000, high: 0x7fff_ffff };
    case 'u32':
      return { array: Uint32Array, low: 0, high: 0xffff_ffff };
    case 'i64':
      return { array: BigInt64Array, low: -0x8000_0000_0000_0000n, high: 0x7fff_ffff_ffff_ffffn };
    case 'u64':
      return { array: BigUint64Array, low: 0n, high: 0xffff_ffff_ffff_ffffn };
  }
}

/** What all empty maps of a kind have. */
interface Empty {
  readonly format: Format;
  readonly values: Store;
}

const empties: Map<ValueType, Empty> = /* @__PURE__ */ new Map();

/** Returns the memory of an empty map: of a small one, it is the arrays that take time. */
function emptyOf(type: ValueType): Empty {
  const known = empties.get(type);
  if (known !== undefined) return known;
  const format = formatOf(type);
  const empty = { format, values: new format.array(0) };
  empties.set(type, empty);
  return empty;
}

/** The kinds in the order in which a snapshot numbers them. */
export const VALUE_TYPES: readonly ValueType[] = ['f64', 'i32', 'u32', 'i64', 'u64'];

/** Bytes that the first value makes room for: V8 keeps so small an array in its own heap, and makes no buffer of it until one asks. */
const FIRST_BYTES = 64;

/** The links of all maps in which no slot was given back. */
const NO_LINKS: Int32Array = /* @__PURE__ */ new Int32Array(0);

/** Slots for values of one kind. */
export class TypedValues {
  readonly type: ValueType;
  readonly format: Format;
  /** Typed array, values; a free slot holds the link to the next one. */
  declare kept: Store;
  /** Int32Array over the same memory from when a slot is given back; before, it is empty. */
  declare private links: Int32Array;
  /** Slots below are in use or free. */
  declare private top: number;
  /** The first free slot plus one, or 0. */
  declare private free: number;
  /** Shift that turns a slot into the first of its words. */
  declare private readonly shift: number;

  constructor(type: ValueType, length = 0) {
    if (!VALUE_TYPES.includes(type)) throw refused('new TypedMap', 'type', type, `one of ${VALUE_TYPES.join(', ')}`);
    const { format, values } = emptyOf(type);
    this.type = type;
    this.format = format;
    this.shift = format.array.BYTES_PER_ELEMENT >> 3;
    this.top = 0;
    this.free = 0;
    this.kept = length === 0 ? values : new format.array(length);
    this.links = NO_LINKS;
  }

  /** Makes an array of a kind over a part of a buffer. */
  static over(type: ValueType, buffer: ArrayBufferLike, at: number, length: number): Store {
    return new (formatOf(type).array)(buffer, at, length);
  }

  /** Bytes allocated. */
  get byteLength(): number {
    return this.kept.byteLength;
  }

  /** Finds a free slot, with room for it, but does not take it: what comes next may fail. */
  next(): number {
    if (this.free !== 0) return this.free - 1;
    if (this.top === this.kept.length) this.grow();
    return this.top;
  }

  /** Takes the slot that {@link next} has found, for a value. */
  take(slot: number, value: number | bigint): void {
    if (slot === this.top) this.top++;
    else this.free = this.links[slot << this.shift];
    this.kept[slot] = value;
  }

  /** Makes what {@link drop} needs, so that it takes no memory. */
  makeLinks(): void {
    if (this.links.length === 0 && this.kept.length > 0) this.links = new Int32Array(this.kept.buffer);
  }

  /** Gives a slot back; {@link makeLinks} was called. */
  drop(slot: number): void {
    this.links[slot << this.shift] = this.free;
    this.free = slot + 1;
  }

  /** Takes over the memory of another of the kind. */
  become(other: TypedValues): void {
    this.kept = other.kept;
    this.links = other.links;
    this.top = other.top;
    this.free = other.free;
  }

  private grow(): void {
    const { array } = this.format;
    const grown = new array(Math.max(this.top * 2, FIRST_BYTES / array.BYTES_PER_ELEMENT));
    grown.set(this.kept as never);
    this.kept = grown;
    this.links = NO_LINKS; // no slot is free
  }
}

/** Says whether a value is one of a kind. */
export function fits({ type, format: { low, high } }: TypedValues, value: unknown): boolean {
  if (type === 'f64') return typeof value === 'number';
  if (typeof value !== typeof low || (value as number) < low || (value as number) > high) return false;
  return typeof value === 'bigint' || Number.isInteger(value);
}

/** Says in words what a value of a kind is. */
export function expected({ type, format: { low, high } }: TypedValues): string {
  if (type === 'f64') return 'a number';
  return `${typeof low === 'bigint' ? 'a bigint' : 'an integer'} ${show(low)}…${show(high)}`;
}
