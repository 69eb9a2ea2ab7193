// The door of recording: what instrumented code reports goes to one sink at a time.
import { AddressMap } from './address-map.ts';
import { checkFunction, checkKeys, refused } from './misuse.ts';
import type { BatchSink, Field, Hooks, Place } from './recording/hook-types.ts';
import { makeHooks } from './recording/hooks.ts';

export type { BatchSink, Field, Hooks, Place, RecordedBatch } from './recording/hook-types.ts';

/** One for all copies of this package in a program, and for all of its files. */
const KEY = Symbol.for('@idspace/mem-trace');
const shared = globalThis as { [KEY]?: Hooks };
shared[KEY] ??= makeHooks();

/** What instrumented code calls; not for others. */
export const hooks: Hooks = shared[KEY];

export interface RecordOptions {
  /** Where arrays lie; default: a map of the recording's own. */
  addresses?: AddressMap | undefined;
}

/** A running recording; made by {@link record}. */
export interface Recording {
  /** Whether accesses are being recorded. */
  readonly recording: boolean;
  /** Places in the code loaded so far that access elements and do not report; `instrument` lists them. */
  readonly unseen: number;
  /** Records nothing until {@link resume}. */
  pause(): void;
  /** Records again. @throws RangeError after {@link stop}. */
  resume(): void;
  /** Passes on what has been recorded so far. */
  flush(): void;
  /** Passes on what is left and ends the recording. A second call does nothing. */
  stop(): void;
  /** Returns where a site is, or undefined if no code with that number was loaded. */
  placeOf(site: number): Place | undefined;
  /** Returns what an array was called where it was met first, or undefined if there is no such number. */
  fieldOf(field: number): Field | undefined;
}

/**
 * Records from now on what instrumented code does, in batches of up to 16,384 accesses.
 *
 * @param sink Takes each batch in the middle of the program: what it does itself is not recorded. If it throws, the program gets the error.
 * @throws RangeError while another recording runs, and for an argument.
 *
 * Cost: 6–8 ns an access at a place that meets the same array again, 11–14 ns where two take turns; 17–26 ns where it meets another one
 * each time (`bench/instrumented.ts`).
 */
export function record(sink: BatchSink, options: RecordOptions = {}): Recording {
  checkFunction('record', 'sink', sink);
  const { addresses = new AddressMap() } = checkKeys('record', 'options', options, 'addresses');
  if (!(addresses instanceof AddressMap)) throw refused('record', 'options.addresses', addresses, 'an AddressMap');
  if (running !== undefined) throw refused('record', 'sink', sink, 'no other recording: stop that one first');
  hooks.begin(sink, addresses);
  running = new OneRecording();
  return running;
}

let running: OneRecording | undefined;

class OneRecording implements Recording {
  get recording(): boolean {
    return running === this && hooks.isRecording();
  }

  get unseen(): number {
    return hooks.unseen();
  }

  pause(): void {
    if (running === this) hooks.setPaused(true);
  }

  resume(): void {
    if (running !== this) throw refused('Recording.resume', 'this', 'a stopped recording', 'one that runs');
    hooks.setPaused(false);
  }

  flush(): void {
    if (running === this) hooks.flush();
  }

  stop(): void {
    if (running !== this) return;
    running = undefined;
    hooks.end();
  }

  placeOf(site: number): Place | undefined {
    return hooks.placeOf(site);
  }

  fieldOf(field: number): Field | undefined {
    return hooks.fieldOf(field);
  }
}
