// JsLayout: each typed array on pages of its own, elements where JavaScript puts them.
import { AddressMap, type TypedArray } from '@idspace/mem-trace';

/** Gives every array an address, in the order in which they are met; one that is met again, after another, has it still. */
export class JsLayout {
  private readonly addresses = new AddressMap();

  /** Returns the address of element 0. */
  place(array: TypedArray): number {
    return this.addresses.addressOf(array);
  }
}
