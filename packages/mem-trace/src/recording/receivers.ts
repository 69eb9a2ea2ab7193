// What stands in for an array or a DataView while one of its methods is called: the method does its work on the plain one, and the
// accesses that ECMA-262 prescribes for it are reported.
import type { ElementRecorder } from '../element-recorder.ts';
import { recordings } from '../recording-methods.ts';
import { type NativeMethod, TYPED_ARRAY_PROTOTYPE, type TypedArray } from '../typed-array.ts';

/** Takes an access to an element: 1 read, 2 write. */
export type Report = (kind: number, element: number) => void;

/** Takes an access to bytes of a DataView. */
export type ReportBytes = (kind: number, byte: number, bytes: number) => void;

const DATA_VIEW = DataView.prototype as unknown as Record<string, NativeMethod>;
const ACCESSOR = /^([gs])et(?:Big)?(?:Int|Uint|Float)(8|16|32|64)$/;

/** Whether a method is the language's own: a subclass may have another. */
export function receiverOfView(view: ArrayBufferView, name: string): boolean {
  const method = (view as unknown as Record<string, unknown>)[name];
  if (typeof method !== 'function') return false;
  return view instanceof DataView
    ? ACCESSOR.test(name) && method === DATA_VIEW[name]
    : name in recordings && method === TYPED_ARRAY_PROTOTYPE[name];
}

/** For one array, at one place. */
export class ArrayReceiver implements ElementRecorder {
  readonly view: TypedArray;
  private readonly report: Report;
  private readonly receiverOf: (source: unknown) => ArrayReceiver | undefined;

  constructor(view: TypedArray, report: Report, receiverOf: (source: unknown) => ArrayReceiver | undefined) {
    this.view = view;
    this.report = report;
    this.receiverOf = receiverOf;
  }

  read(index: number): void {
    this.report(1, index);
  }

  write(index: number): void {
    this.report(2, index);
  }

  readRange(from: number, to: number): void {
    for (let i = from; i < to; i++) this.read(i);
  }

  writeRange(from: number, to: number): void {
    for (let i = from; i < to; i++) this.write(i);
  }

  sourceOf(source: unknown): ArrayReceiver | undefined {
    return this.receiverOf(source);
  }

  iterate(name: 'values' | 'entries' | 'keys'): unknown {
    // The keys are numbers, and no element is read for them.
    if (name === 'keys') return TYPED_ARRAY_PROTOTYPE.keys.call(this.view);
    return new ReportingIterator(this, name === 'entries');
  }
}

for (const [name, recording] of Object.entries(recordings)) {
  const native = TYPED_ARRAY_PROTOTYPE[name];
  if (native === undefined) continue; // not in this runtime
  Object.defineProperty(ArrayReceiver.prototype, name, {
    configurable: true,
    writable: true,
    value(this: ArrayReceiver, ...args: unknown[]): unknown {
      return recording(this, args, native, this.view);
    },
  });
}

/** The iterator of an array. It is one of the language's in all that code can ask but its own `next`. */
class ReportingIterator {
  private readonly receiver: ArrayReceiver;
  private readonly hasKeys: boolean;
  private at = 0;

  constructor(receiver: ArrayReceiver, hasKeys: boolean) {
    this.receiver = receiver;
    this.hasKeys = hasKeys;
  }

  next(): { value: unknown; done: boolean } {
    const { receiver, at } = this;
    if (at >= receiver.view.length) {
      this.at = Number.POSITIVE_INFINITY;
      return { value: undefined, done: true };
    }
    this.at = at + 1;
    const value: unknown = receiver.view[at];
    receiver.read(at);
    return { value: this.hasKeys ? [at, value] : value, done: false };
  }
}
Object.setPrototypeOf(ReportingIterator.prototype, Object.getPrototypeOf([][Symbol.iterator]()) as object);

/** For one DataView, at one place. */
export class ViewReceiver {
  readonly view: DataView;
  readonly report: ReportBytes;

  constructor(view: DataView, report: ReportBytes) {
    this.view = view;
    this.report = report;
  }
}

for (const name of Object.getOwnPropertyNames(DATA_VIEW)) {
  const [, way, bits] = ACCESSOR.exec(name) ?? [];
  if (way === undefined) continue;
  const native = DATA_VIEW[name];
  const [kind, bytes] = [way === 'g' ? 1 : 2, Number(bits) / 8];
  Object.defineProperty(ViewReceiver.prototype, name, {
    configurable: true,
    writable: true,
    value(this: ViewReceiver, ...args: unknown[]): unknown {
      const value = native.apply(this.view, args); // throws where there is no such element
      this.report(kind, Math.trunc(Number(args[0])) || 0, bytes);
      return value;
    },
  });
}
