// Watching: each access is taken when it is made, and not in a batch.
import { isTypedArray, type TypedArray } from '../typed-array.ts';
import { type Known, makeCalls } from './calls.ts';
import type { Calls } from './hook-types.ts';

/**
 * Takes an access to an array, a write when it is done.
 *
 * @param element 0…`array.length` − 1.
 */
export type Watcher = (element: number, isWrite: boolean, array: TypedArray) => void;

/** Says who takes the accesses to an array: asked when it is met first. Null: this access is left out, and at the next one that is asked again. */
export type WatcherOf = (array: TypedArray) => Watcher | null;

/** The calls, and what starts and stops them. */
export interface WatchHooks extends Calls {
  /** Says who is asked for watchers from now on; null: nothing is watched. Lets go of all arrays. */
  setWatcherOf(asked: WatcherOf | null): void;
}

interface Watched extends Known {
  readonly watcher: Watcher;
}

export function makeWatchHooks(): WatchHooks {
  const state = { watcherOf: null as WatcherOf | null };
  const { calls, takeFor } = makeCalls<Watched>({
    know(view, { owner, length, time }) {
      const watcher = isTypedArray(view) ? state.watcherOf!(view) : null;
      return watcher === null ? null : { view, owner, length, time, watcher };
    },
    take: ({ watcher }, kind, element, array) => watcher(element, kind === 2, array),
    takeBytes() {},
  });
  return {
    ...calls,
    s() {},
    setWatcherOf(asked) {
      state.watcherOf = asked;
      takeFor(asked === null ? null : {});
    },
  };
}
