// Histories in shared memory: what each thread called, when, and what came of it, readable also after its death.
import type { RegisterCall, RegisterEvent } from './linearizable.ts';

const CALLS: readonly RegisterCall[] = ['read', 'insert', 'write', 'remove', 'cmpxchg', 'replace'];
/** Words per call: call + 1, key, value, expected, start, end (0: never), answer. */
const RECORD = 7;
/** Words before the records: their number, and the clock (of the first log only). */
const HEAD = 2;

/** The log of one thread. The clock is a count of moments that all threads share, so its order is that of real time. */
export class HistoryLog {
  private readonly words: Int32Array;
  private readonly clock: Int32Array;

  /**
   * @param log Int32Array over shared memory, as made by `HistoryLog.room`.
   * @param clock The memory of one of the logs, whose clock all use.
   */
  constructor(log: Int32Array, clock: Int32Array) {
    this.words = log;
    this.clock = clock;
  }

  /** Makes room for the log of one thread. */
  static room(calls: number): Int32Array {
    return new Int32Array(new SharedArrayBuffer((HEAD + calls * RECORD) * 4));
  }

  /** Records a call around its making, and returns its answer. */
  record(call: RegisterCall, key: number, value: number, expected: number, make: () => number): number {
    const { words, clock } = this;
    const at = HEAD + words[0] * RECORD;
    words[at] = CALLS.indexOf(call) + 1;
    words[at + 1] = key;
    words[at + 2] = value;
    words[at + 3] = expected;
    words[at + 5] = 0;
    words[at + 4] = Atomics.add(clock, 1, 1) + 1;
    words[0]++;
    const answer = make();
    words[at + 6] = answer;
    words[at + 5] = Atomics.add(clock, 1, 1) + 1;
    return answer;
  }

  /** Sorts what several threads have recorded by key. */
  static byKey(logs: readonly Int32Array[]): Map<number, RegisterEvent[]> {
    const keys = new Map<number, RegisterEvent[]>();
    for (const words of logs) {
      for (let at = HEAD; at < HEAD + words[0] * RECORD; at += RECORD) {
        const [call, key, value, expected, start, end, answer] = words.subarray(at, at + RECORD);
        const history = keys.get(key) ?? [];
        if (history.length === 0) keys.set(key, history);
        const over = end === 0 ? Number.POSITIVE_INFINITY : end;
        history.push({ call: CALLS[call - 1], value, expected, start, end: over, answer });
      }
    }
    return keys;
  }
}
