// ArrayBuffer.isView looks for a slot that a Proxy has not, and libraries choose by it between an array and a list of numbers. While
// something is traced it says of a stand-in what it says of the array behind it.
import { recorderOf } from './recorder.ts';

/** Traces that are not stopped. */
let traces = 0;
let original: typeof ArrayBuffer.isView = ArrayBuffer.isView;

function isView(value: unknown): value is ArrayBufferView {
  return original(value) || recorderOf(value) !== undefined;
}

/** Lets stand-ins pass, until as many traces have ended as have begun. Where the function cannot be replaced, it stays as it is. */
export function letStandInsPass(): void {
  if (traces++ > 0) return;
  original = ArrayBuffer.isView;
  Reflect.set(ArrayBuffer, 'isView', isView);
}

/** Puts the original back with the last trace, unless another function has been put in its place since. */
export function endOfTrace(): void {
  if (--traces === 0 && ArrayBuffer.isView === isView) Reflect.set(ArrayBuffer, 'isView', original);
}
