// Where the buffers of a thread lie.
import { AddressMap } from '@idspace/mem-trace';

/** Where the buffers lie, in the order of their addresses. */
export class Buffers extends AddressMap {
  readonly starts: number[] = [];
  readonly bytes: number[] = [];
  /** Is told of each buffer that is met. */
  added: (buffer: object, place: number) => void = () => {};

  override placeOf(buffer: object): number {
    const place = super.placeOf(buffer);
    if (place > (this.starts.at(-1) ?? 0)) {
      this.starts.push(place);
      this.bytes.push((buffer as ArrayBuffer).byteLength);
      this.added(buffer, place);
    }
    return place;
  }

  /** Returns the number of the buffer in which an address is. */
  find(address: number): number {
    return lastUpTo(this.starts, address);
  }
}

/** Returns the index of the last of some ascending numbers that is not above `value`; 0 if there is none. */
export function lastUpTo(numbers: readonly number[], value: number): number {
  let [low, high] = [0, numbers.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (numbers[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
