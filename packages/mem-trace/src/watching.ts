// The door of watching: each access of instrumented code goes to who watches its array, when it is made.
import { checkFunction, refusal } from './misuse.ts';
import type { Calls } from './recording/hook-types.ts';
import { makeWatchHooks, type WatcherOf } from './recording/watch-hooks.ts';

export type { AtomicCalls } from './recording/atomic-calls.ts';
export type { Calls } from './recording/hook-types.ts';
export type { Watcher, WatcherOf } from './recording/watch-hooks.ts';
export type { TypedArray } from './typed-array.ts';

const made = makeWatchHooks();

/** What instrumented code calls; not for others. */
export const hooks: Calls = made;

/** Who watches instrumented code; made by {@link watch}. */
export interface Watch {
  /** Whether accesses are passed on. */
  readonly recording: boolean;
  /** Passes nothing on until {@link resume}, and lets go of the arrays. */
  pause(): void;
  /** Passes accesses on. @throws RangeError while another watch does, and after {@link stop}. */
  resume(): void;
  /** Ends the watch. A second call does nothing. */
  stop(): void;
}

/**
 * Makes a watch of what instrumented code does: each access is passed on when it is made, with all memory as it is then. It begins with `resume`.
 *
 * For code that was instrumented with `recorder: '@idspace/mem-trace/watching'`. Where memory as it was is not needed, `record` is for all
 * that, and tells places and addresses, too.
 *
 * @param watcherOf Says who takes the accesses to an array: asked when it is met first after `resume`. Null: this access is left out, and at
 *   the next one that is asked again. Neither it nor a watcher may touch what is watched through instrumented code.
 *
 * Cost: some nanoseconds an access, and what the watcher takes.
 */
export function watch(watcherOf: WatcherOf): Watch {
  return new OneWatch(checkFunction('watch', 'watcherOf', watcherOf));
}

/** Who watches now. */
let running: OneWatch | undefined;

class OneWatch implements Watch {
  private readonly watcherOf: WatcherOf;
  private stopped = false;

  constructor(watcherOf: WatcherOf) {
    this.watcherOf = watcherOf;
  }

  get recording(): boolean {
    return running === this;
  }

  pause(): void {
    if (running !== this) return;
    running = undefined;
    made.setWatcherOf(null);
  }

  resume(): void {
    if (this.stopped) throw refusal('Watch.resume', 'this', 'a stopped watch', 'one that was not stopped');
    if (running === this) return;
    if (running !== undefined) throw refusal('Watch.resume', 'this', 'a second watch', 'the other one paused');
    running = this;
    made.setWatcherOf(this.watcherOf);
  }

  stop(): void {
    this.pause();
    this.stopped = true;
  }
}
