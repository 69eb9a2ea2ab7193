// How long a task waits: until a deadline, or until a signal says stop.
import { deadlineAfter } from './lock-word.ts';
import { checkKeys, refused } from './misuse.ts';
import type { StopSignal } from './stop-signal.ts';

/** The longest that a timer can be set to, milliseconds: about 25 days. */
const LONGEST_MS = 0x7fff_ffff;

/** How long a task waits. */
export interface WaitOptions {
  /** Time to wait at most, milliseconds ≥ 0. Default Infinity. */
  readonly timeoutMs?: number | undefined;
  /** Stops the wait: the promise is rejected with its `reason`, and nothing is held. */
  readonly signal?: StopSignal | undefined;
}

/** A wait that was checked. */
export interface Patience {
  /** When it ends, by performance.now(). */
  readonly deadline: number;
  readonly signal: StopSignal | undefined;
}

/** The signal of a wait; undefined where it is a number. */
function signalOf(call: string, wait: number | WaitOptions): StopSignal | undefined {
  if (typeof wait === 'number') return undefined;
  if (typeof wait !== 'object' || wait === null)
    throw refused(call, 'wait', wait, 'milliseconds or { timeoutMs, signal }');
  const { signal } = checkKeys(call, 'wait', wait, 'timeoutMs, signal');
  if (signal === undefined) return undefined;
  if (typeof signal !== 'object' || signal === null || typeof signal.addEventListener !== 'function')
    throw refused(call, 'signal', signal, 'an AbortSignal');
  return signal;
}

/** Checks a wait that begins now. @throws The signal's reason if it says stop already. */
export function patienceOf(call: string, wait: number | WaitOptions): Patience {
  const signal = signalOf(call, wait);
  const timeoutMs = typeof wait === 'number' ? wait : (wait.timeoutMs ?? Infinity);
  const deadline = deadlineAfter(call, timeoutMs);
  if (signal?.aborted === true) throw signal.reason;
  return { deadline, signal };
}

/**
 * Ends a wait in time.
 *
 * @param onEnd Called at the deadline.
 * @param onStop Called when the signal says stop, with its reason.
 * @returns Takes both back, for a wait that ended well.
 */
export function limit(
  { deadline, signal }: Patience,
  onEnd: () => void,
  onStop: (reason: unknown) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  // Timers cut off what is below a millisecond and may fire early, so what counts is the clock.
  const setTimer = (): void => {
    timer = setTimeout(
      () => {
        if (performance.now() >= deadline) onEnd();
        else setTimer();
      },
      // A delay below 1 is as short as can be.
      Math.min(deadline - performance.now(), LONGEST_MS),
    );
  };
  if (deadline !== Infinity) setTimer();
  const stop = (): void => onStop(signal?.reason);
  signal?.addEventListener('abort', stop);
  return () => {
    if (timer !== undefined) clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  };
}
