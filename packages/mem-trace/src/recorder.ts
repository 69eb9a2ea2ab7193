// What a stand-in knows: the array behind it, the name it is reported under, and where reports go.
import type { TypedArray } from './typed-array.ts';

/**
 * Receives one element access.
 *
 * @param array `object.field`, the same string object for every access to that field.
 * @param element Element number, 0…length−1; of a `subarray`, the number in the field's whole array.
 * @param isWrite true for a write. `a[i]++` is one read, then one write.
 * @param raw The plain array the element is in; the field may hold another one after growth.
 */
export type Sink = (array: string, element: number, isWrite: boolean, raw: TypedArray) => void;

/** The state all stand-ins of one trace share. */
export interface Session {
  readonly sink: Sink;
  recording: boolean;
}

/** Reports the accesses to one array, or to a part of it. */
export class Recorder {
  readonly name: string;
  /** The array the field holds. */
  readonly root: TypedArray;
  /** The part of it this stand-in shows: `root` itself or a subarray. */
  readonly view: TypedArray;
  /** Element number in `root` of `view[0]`. */
  readonly base: number;
  readonly session: Session;

  constructor(name: string, root: TypedArray, view: TypedArray, session: Session) {
    this.name = name;
    this.root = root;
    this.view = view;
    this.base = (view.byteOffset - root.byteOffset) / root.BYTES_PER_ELEMENT;
    this.session = session;
  }

  read(index: number): void {
    const session = this.session;
    if (session.recording) session.sink(this.name, this.base + index, false, this.root);
  }

  write(index: number): void {
    const session = this.session;
    if (session.recording) session.sink(this.name, this.base + index, true, this.root);
  }

  /** Reports reads of the elements from…to−1, ascending. */
  readRange(from: number, to: number): void {
    for (let i = from; i < to; i++) this.read(i);
  }

  /** Reports writes of the elements from…to−1, ascending. */
  writeRange(from: number, to: number): void {
    for (let i = from; i < to; i++) this.write(i);
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
