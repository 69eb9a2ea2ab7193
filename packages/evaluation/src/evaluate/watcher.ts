// Watcher: what sees the references of all cores beside the caches.
import type { References } from './references.ts';

/** Sees every reference. */
export interface Watcher {
  /** A core refers to what `references` has from…to−1. @returns How many have a page that the first TLB did not know. */
  watch(core: number, references: References, from: number, to: number): number;
  /** Takes note of lines that skipped operations of a core used. */
  pass?(core: number, lines: Float64Array, length: number): void;
}
