// Who reports the accesses that a method makes: a stand-in's recorder, or that of instrumented code.
import type { TypedArray } from './typed-array.ts';

/** Who reports the accesses of a method. */
export interface ElementRecorder {
  /** The plain array. */
  readonly view: TypedArray;
  read(index: number): void;
  write(index: number): void;
  /** Reports reads of the elements from…to−1, ascending. */
  readRange(from: number, to: number): void;
  /** Reports writes of the elements from…to−1, ascending. */
  writeRange(from: number, to: number): void;
  /** Returns who reports the reads of another array, if they are reported. */
  sourceOf(source: unknown): ElementRecorder | undefined;
  /** Returns an iterator that reports each element as it gives it. @param self What the iterator was asked of. */
  iterate(name: 'values' | 'entries' | 'keys', self: object): unknown;
}
