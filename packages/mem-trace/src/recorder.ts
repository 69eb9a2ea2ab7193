// What a stand-in knows: the array behind it, its name and address in reports, and the sink that takes them.
import type { ElementRecorder } from './element-recorder.ts';
import type { TypedArray } from './typed-array.ts';

/**
 * Receives one element access.
 *
 * @param array `object.field`, the same string object for every access to that field.
 * @param element Element number, 0…length−1; of a `subarray`, the number in the field's whole array.
 * @param isWrite true for a write. `a[i]++` is one read, then one write.
 * @param raw The plain array the element is in; the field may hold another one after growth.
 * @param address Address of the element: every buffer has a place of its own, see `AddressMap`.
 */
export type Sink = (array: string, element: number, isWrite: boolean, raw: TypedArray, address: number) => void;

/** The state all stand-ins of one trace share. */
export interface Session {
  readonly sink: Sink;
  /** An `AddressMap`. */
  readonly addresses: { addressOf(array: TypedArray): number };
  recording: boolean;
}

/** Reports the accesses to one array, or to a part of it. */
export class Recorder implements ElementRecorder {
  readonly name: string;
  /** The array the field holds. */
  readonly root: TypedArray;
  /** The part of it this stand-in shows: `root` itself or a subarray. */
  readonly view: TypedArray;
  /** Element number in `root` of `view[0]`. */
  readonly base: number;
  readonly session: Session;
  /** Address of `view[0]`. */
  private readonly address: number;

  constructor(name: string, root: TypedArray, view: TypedArray, session: Session) {
    this.name = name;
    this.root = root;
    this.view = view;
    this.base = (view.byteOffset - root.byteOffset) / root.BYTES_PER_ELEMENT;
    this.session = session;
    this.address = session.addresses.addressOf(view);
  }

  read(index: number): void {
    this.report(index, false);
  }

  write(index: number): void {
    this.report(index, true);
  }

  /** Reports reads of the elements from…to−1, ascending. */
  readRange(from: number, to: number): void {
    for (let i = from; i < to; i++) this.read(i);
  }

  /** Reports writes of the elements from…to−1, ascending. */
  writeRange(from: number, to: number): void {
    for (let i = from; i < to; i++) this.write(i);
  }

  sourceOf(source: unknown): Recorder | undefined {
    return recorderOf(source);
  }

  /** Array's iterators take any array-like, so the elements are read through the stand-in, one for each step. */
  iterate(name: 'values' | 'entries' | 'keys', self: object): unknown {
    return Array.prototype[name].call(self as unknown[]);
  }

  private report(index: number, isWrite: boolean): void {
    const { session, root } = this;
    if (!session.recording) return;
    session.sink(this.name, this.base + index, isWrite, root, this.address + index * root.BYTES_PER_ELEMENT);
  }
}

/** Which recorder is behind a stand-in. */
const recorders = new WeakMap<object, Recorder>();

/** Returns the recorder behind a stand-in, or undefined for any other value. */
export function recorderOf(value: unknown): Recorder | undefined {
  return typeof value === 'object' && value !== null ? recorders.get(value) : undefined;
}

/** Returns the plain array behind a stand-in; any other value as it is. */
export function unwrap(value: unknown): unknown {
  return recorderOf(value)?.view ?? value;
}

/** Makes `recorder` the one behind `proxy`. */
export function attach(proxy: object, recorder: Recorder): void {
  recorders.set(proxy, recorder);
}
