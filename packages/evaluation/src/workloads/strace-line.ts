// strace-line: one line of an `strace -f` log, taken apart.

/** A call that has returned, or has been cut in two by another thread's line. */
export interface TracedCall {
  /** null where strace named no process: before the first clone it has only one. */
  tid: number | null;
  name: string;
  /** The text between the brackets; null in the first half of a call in two halves is the text so far. */
  args: string;
  /** What it returned; null for none ('?') and for the first half. */
  result: number | null;
  half: 'first' | 'second' | null;
}

/** What a line of a log is. */
export type StraceLine =
  | ({ kind: 'call' } & TracedCall)
  /** The thread is gone. */
  | { kind: 'gone'; tid: number | null }
  /** A signal, a message of strace or of the program itself, an empty line. */
  | { kind: 'other' };

/** A thread's number, as `-o` writes it or as the terminal shows it, and a time of any of the options -t, -tt, -ttt, -r. */
const PREFIX =
  /^(?:\[pid\s+(\d{1,10})\]\s+|(\d{1,10})\s+)?(?:\d\d:\d\d:\d\d(?:\.\d+)?\s+|\d+\.\d+\s+)?(?:\(\+\s*\d+\.\d+\)\s+)?/;
const GONE = /^\+\+\+ (?:exited with|killed by) .*\+\+\+$/;
const RESUMED = /^<\.\.\. (\w+) resumed>\s?(.*)$/s;
const UNFINISHED = '<unfinished ...>';
const CALL = /^(\w+)\((.*)$/s;
/** The result stands after the last ') = '; -y and error texts may follow the number, -T the time it took. */
const RESULT = /^(.*)\)\s+= (\?|-?\d+|0x[0-9a-f]+)(?:\s.*)?$/s;

/** Takes a line apart. @returns null where it begins as a call and does not end as one: it is cut off. */
export function straceLine(line: string): StraceLine | null {
  const [prefix, bracketed, plain] = PREFIX.exec(line)!;
  const digits = bracketed ?? plain;
  const tid = digits === undefined ? null : Number(digits);
  const text = line.slice(prefix.length).trimEnd();
  if (GONE.test(text)) return { kind: 'gone', tid };
  const resumed = RESUMED.exec(text);
  if (resumed !== null) return returned(tid, resumed[1], resumed[2], 'second');
  const call = CALL.exec(text);
  if (call === null) return { kind: 'other' };
  const [, name, rest] = call;
  if (!rest.endsWith(UNFINISHED)) return returned(tid, name, rest, null);
  // Not by a pattern: one that drops spaces before the mark tries every run of spaces from each of its places.
  const args = rest.slice(0, -UNFINISHED.length).trimEnd();
  return { kind: 'call', tid, name, args, result: null, half: 'first' };
}

function returned(tid: number | null, name: string, rest: string, half: 'second' | null): StraceLine | null {
  const result = RESULT.exec(rest);
  if (result === null) return null;
  return { kind: 'call', tid, name, args: result[1], result: result[2] === '?' ? null : Number(result[2]), half };
}
