// JsLayout: each typed array on pages of its own, elements where JavaScript puts them.
import { AddressMap, type TypedArray } from '@idspace/mem-trace';
import type { Category } from './evaluation.ts';

/** Gives every array an address, in the order in which they are met; one that is met again, after another, has it still. */
export class JsLayout {
  private readonly addresses = new AddressMap();

  /** Returns the address of element 0. */
  place(array: TypedArray): number {
    return this.addresses.addressOf(array);
  }
}

/** Returns which part of a design an array, 'object.field', belongs to. */
export function categoryOf(array: string): Category {
  if (array.startsWith('list.')) return 'list';
  if (/Lock\.|siglock\.|\.lockWords$|^timers\.lock$/.test(array)) return 'lock';
  return array.startsWith('timers.') ? 'timer' : 'table';
}
