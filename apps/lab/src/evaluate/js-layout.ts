// JsLayout: each typed array on pages of its own, elements where JavaScript puts them.
import type { TypedArray } from '@idspace/mem-trace';
import type { Category } from './evaluation.ts';

/** Backing stores of this size come from pages of their own; element 0 is on the first byte of a page. */
const PAGE = 4096;

/** Gives every array an address, in the order in which they are met. */
export class JsLayout {
  private end: number = PAGE;

  /** Returns the address of element 0. */
  place(array: TypedArray): number {
    const base = this.end;
    this.end += Math.ceil(array.byteLength / PAGE) * PAGE;
    return base;
  }
}

/** Returns which part of a design an array, 'object.field', belongs to. */
export function categoryOf(array: string): Category {
  if (array.startsWith('list.')) return 'list';
  if (/Lock\.|siglock\.|\.lockWords$|^timers\.lock$/.test(array)) return 'lock';
  return array.startsWith('timers.') ? 'timer' : 'table';
}
