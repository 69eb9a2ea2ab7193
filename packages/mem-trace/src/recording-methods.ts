// The methods of %TypedArray%.prototype for stand-ins: the native one does the work on the plain array, and the accesses that
// ECMA-262 (2024, §23.2.3) prescribes for it are reported, element by element.
import type { ElementRecorder } from './element-recorder.ts';
import { recorderOf, type Session, unwrap } from './recorder.ts';
import { isTypedArray, type NativeMethod, TYPED_ARRAY_PROTOTYPE, type TypedArray } from './typed-array.ts';

/** Does the method's work on `recorder.view` and reports; `self` is what callbacks and results show as the array. */
export type MethodRecording = (
  recorder: ElementRecorder,
  args: unknown[],
  native: NativeMethod,
  self: object,
) => unknown;
type Recording = MethodRecording;

/** forEach, map, find…: each element is read just before it is handed to the callback, so an early end is seen too. */
const perElement: Recording = (recorder, [callback, ...rest], native, self) => {
  if (typeof callback !== 'function') return native.call(recorder.view, callback);
  return native.call(
    recorder.view,
    function (this: unknown, value: unknown, index: number) {
      recorder.read(index);
      return callback.call(this, value, index, self);
    },
    ...rest,
  );
};

/** reduce and reduceRight: without an initial value the first element is read before the first call. */
const reduction =
  (firstIndex: (length: number) => number): Recording =>
  (recorder, [callback, ...initial], native, self) => {
    if (typeof callback !== 'function') return native.call(recorder.view, callback, ...initial);
    const { length } = recorder.view;
    if (initial.length === 0 && length > 0) recorder.read(firstIndex(length));
    const step = (sum: unknown, value: unknown, index: number): unknown => {
      recorder.read(index);
      return callback(sum, value, index, self);
    };
    return native.call(recorder.view, step, ...initial);
  };

/** join, toSorted…: every element is read once, ascending, and a new value is returned. */
const readAll: Recording = (recorder, args, native) => {
  // What makes a new array may find no memory for it: then nothing was read.
  const result = native.apply(recorder.view, args);
  recorder.readRange(0, recorder.view.length);
  return result;
};

const iterator =
  (name: 'values' | 'entries' | 'keys'): Recording =>
  (recorder, _args, _native, self) =>
    recorder.iterate(name, self);

/** indexOf and includes: reads from the start to the element found, or to the end. */
const search: Recording = (recorder, args, native) => {
  const { view } = recorder;
  const from = relative(args[1], view.length, 0);
  const found = native.call(view, args[0], from);
  const wanted = args[0];
  const elements = view as ArrayLike<unknown>;
  let at = from;
  while (at < view.length && !(elements[at] === wanted || (found === true && Object.is(elements[at], wanted)))) at++;
  recorder.readRange(from, Math.min(at + 1, view.length));
  return found;
};

/** What is done for each method, by its name. */
export const recordings: Readonly<Record<string, Recording>> = {
  at(recorder, [position], native) {
    const { length } = recorder.view;
    const integer = toInteger(position);
    const index = integer < 0 ? length + integer : integer;
    if (index >= 0 && index < length) recorder.read(index);
    return native.call(recorder.view, integer);
  },
  copyWithin(recorder, args, native, self) {
    const { view } = recorder;
    const to = relative(args[0], view.length, 0);
    const from = relative(args[1], view.length, 0);
    const count = Math.min(relative(args[2], view.length, view.length) - from, view.length - to);
    native.call(view, to, from, from + count);
    const descending = from < to && to < from + count;
    for (let step = 0; step < count; step++) {
      const i = descending ? count - 1 - step : step;
      recorder.read(from + i);
      recorder.write(to + i);
    }
    return self;
  },
  fill(recorder, args, native, self) {
    const { view } = recorder;
    const from = relative(args[1], view.length, 0);
    const to = relative(args[2], view.length, view.length);
    native.call(view, args[0], from, to);
    recorder.writeRange(from, to);
    return self;
  },
  lastIndexOf(recorder, args, native) {
    const { view } = recorder;
    const integer = args.length > 1 ? toInteger(args[1]) : view.length - 1;
    const from = integer < 0 ? view.length + integer : Math.min(integer, view.length - 1);
    const found = native.call(view, args[0], integer) as number;
    for (let i = from; i >= Math.max(found, 0); i--) recorder.read(i);
    return found;
  },
  reverse(recorder, _args, native, self) {
    const { view } = recorder;
    native.call(view);
    for (let lower = 0, upper = view.length - 1; lower < upper; lower++, upper--) {
      recorder.read(lower);
      recorder.read(upper);
      recorder.write(lower);
      recorder.write(upper);
    }
    return self;
  },
  set(recorder, [source, offset], native) {
    const start = toInteger(offset);
    const reader = recorder.sourceOf(source);
    const plain = unwrap(source);
    const length = isTypedArray(plain) ? plain.length : toInteger(Object(plain).length);
    native.call(recorder.view, plain, start);
    for (let i = 0; i < length; i++) {
      reader?.read(i);
      recorder.write(start + i);
    }
  },
  slice(recorder, args, native) {
    const { view } = recorder;
    const from = relative(args[0], view.length, 0);
    const to = relative(args[1], view.length, view.length);
    const result = native.call(view, from, to);
    recorder.readRange(from, to);
    return result;
  },
  sort(recorder, args, native, self) {
    const { view } = recorder;
    recorder.readRange(0, view.length);
    native.apply(view, args);
    recorder.writeRange(0, view.length);
    return self;
  },
  toReversed(recorder, _args, native) {
    const result = native.call(recorder.view);
    for (let i = recorder.view.length - 1; i >= 0; i--) recorder.read(i);
    return result;
  },
  with(recorder, [position, value], native) {
    const { view } = recorder;
    const integer = toInteger(position);
    const result = native.call(view, integer, value);
    const index = integer < 0 ? view.length + integer : integer;
    recorder.readRange(0, index);
    recorder.readRange(index + 1, view.length);
    return result;
  },
  every: perElement,
  filter: perElement,
  find: perElement,
  findIndex: perElement,
  findLast: perElement,
  findLastIndex: perElement,
  forEach: perElement,
  map: perElement,
  some: perElement,
  reduce: reduction(() => 0),
  reduceRight: reduction((length) => length - 1),
  join: readAll,
  toLocaleString: readAll,
  toSorted: readAll,
  entries: iterator('entries'),
  keys: iterator('keys'),
  values: iterator('values'),
  includes: search,
  indexOf: search,
};

/** Makes a stand-in for a part of an array. */
type StandIn = (name: string, root: TypedArray, view: TypedArray, session: Session) => TypedArray;

/**
 * Returns, for each native method, the one a stand-in answers with.
 *
 * Keyed by the native function and not by its name, so that a subclass's own method stays its own.
 */
export function recordingMethods(standIn: StandIn): ReadonlyMap<unknown, NativeMethod> {
  const subarray = TYPED_ARRAY_PROTOTYPE.subarray;
  const methods = new Map<unknown, NativeMethod>([
    [
      subarray,
      function (this: unknown, ...args: unknown[]): unknown {
        const recorder = recorderOf(this);
        const part = subarray.apply(recorder?.view ?? this, args) as TypedArray;
        return recorder === undefined ? part : standIn(recorder.name, recorder.root, part, recorder.session);
      },
    ],
  ]);
  for (const [name, recording] of Object.entries(recordings)) {
    const native = TYPED_ARRAY_PROTOTYPE[name];
    if (native === undefined) continue; // not in this runtime
    methods.set(native, function (this: unknown, ...args: unknown[]): unknown {
      const recorder = recorderOf(this);
      return recorder === undefined ? native.apply(this, args) : recording(recorder, args, native, this as object);
    });
  }
  return methods;
}

/** ECMA-262 ToIntegerOrInfinity. */
function toInteger(value: unknown): number {
  return Math.trunc(Number(value)) || 0;
}

/** A relative index as `fill`, `slice` and others take it: negative counts from the end, undefined is the default; 0…length. */
function relative(value: unknown, length: number, absent: number): number {
  if (value === undefined) return absent;
  const integer = toInteger(value);
  return integer < 0 ? Math.max(length + integer, 0) : Math.min(integer, length);
}
