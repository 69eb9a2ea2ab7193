// Where arrays lie: JavaScript tells where in its buffer an array starts, and not where the buffer is.
import { refused } from './misuse.ts';
import { unwrap } from './recorder.ts';
import { isTypedArray, type TypedArray } from './typed-array.ts';

/** Bytes in a page: element 0 of an array with a buffer of its own is on the first byte of one. */
const PAGE = 4096;
const CALL = 'AddressMap.addressOf';

/** What is asked of a buffer; older type definitions lack the lengths of buffers that grow in place. */
interface BufferLength {
  readonly byteLength: number;
  readonly maxByteLength?: number;
}

/**
 * Gives every buffer a place of its own, page-aligned, in the order in which buffers are met.
 *
 * Views of one buffer share its place. An array that grew has a new buffer, so it has a new place; the old one is not given away again,
 * as a program's memory would be. A buffer that can be resized has room for its largest size.
 */
export class AddressMap {
  private readonly places = new WeakMap<object, number>();
  private next = PAGE;

  /**
   * Returns the address of an element, giving its buffer a place at first use.
   *
   * @param array Any typed array; of a stand-in, the plain array behind it.
   * @param element Its number, 0…length − 1; default 0.
   * @returns 4096…2⁵³.
   * @throws RangeError when `array` is no typed array, or `element` no integer from 0 on.
   */
  addressOf(array: TypedArray, element = 0): number {
    const plain = unwrap(array);
    if (!isTypedArray(plain)) throw refused(CALL, 'array', plain, 'a typed array');
    if (!Number.isSafeInteger(element) || element < 0) throw refused(CALL, 'element', element, 'an integer, 0 or more');
    return this.placeOf(plain.buffer) + plain.byteOffset + element * plain.BYTES_PER_ELEMENT;
  }

  /** Returns the address of a buffer's first byte, giving it a place at first use. */
  placeOf(buffer: object): number {
    let place = this.places.get(buffer);
    if (place === undefined) {
      place = this.next;
      this.places.set(buffer, place);
      this.next += Math.max(1, Math.ceil(largestLength(buffer as BufferLength) / PAGE)) * PAGE;
    }
    return place;
  }
}

/** Bytes that a buffer has, or can have where it grows in place. */
export function largestLength({ byteLength, maxByteLength = byteLength }: BufferLength): number {
  return Math.max(byteLength, maxByteLength);
}
