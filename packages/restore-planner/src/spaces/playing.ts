// What playing the restore of an ID space comes to.

import { nextTurn } from '../next-turn.ts';
import type { StopSignal } from '../stop-signal.ts';

/** An ID that did not come, or a call that was refused. */
export interface Missed {
  /** The ID wanted. */
  id: number;
  /** The call, such as 'inotify_add_watch'. */
  call: string;
  expected: number;
  /** An ID, 0, or −errno. */
  got: number;
}

/** Counts while it is played, in the words of a space's plan. */
export class Playing {
  asks = 0;
  creates = 0;
  deletes = 0;
  /** IDs that came as wanted. */
  restored = 0;
  /** The first ID that did not come: CRIU gives up there. */
  missed: Missed | null = null;
  /** The signal ended it. */
  stopped = false;
  /** What was left out, in sentences. */
  readonly unverified: string[] = [];
  private readonly signal: StopSignal;
  private calls = 0;

  constructor(signal: StopSignal) {
    this.signal = signal;
  }

  /** Notes that a call gave something else. Returns false. */
  miss(id: number, call: string, expected: number, got: number): false {
    this.missed = { id, call, expected, got };
    return false;
  }

  /** Compares a result. Returns whether it is the one expected. */
  expect(id: number, call: string, expected: number, got: number): boolean {
    return got === expected || this.miss(id, call, expected, got);
  }

  /** Lets others have a turn now and then. Returns true, and notes it, if the signal says stop. */
  async isStopped(): Promise<boolean> {
    if (++this.calls % PAUSE_EVERY === 0) await nextTurn();
    this.stopped ||= this.signal.aborted;
    return this.stopped;
  }
}

const PAUSE_EVERY = 2048; // calls; a live one takes some 10 µs
