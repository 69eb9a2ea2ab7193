// timerCalls: the lines of a log that matter for timers, thread by thread, in the order in which calls return.
import { INT_MAX } from '../int-max.ts';
import { straceLine, type TracedCall } from './strace-line.ts';

/** What is wrong with a log: a line, more calls or processes than are replayed, or no timer that was created. */
export type StraceErrorCode = 'bad-line' | 'too-large' | 'no-timers';

/** Says that a log cannot be replayed: where, what was got, what is expected. */
export class StraceError extends Error {
  override readonly name = 'StraceError';
  readonly code: StraceErrorCode;

  constructor(code: StraceErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** One thing that happened. */
export type TimerCall = { tid: number; line: number } & (
  | { what: 'create'; id: number }
  | { what: 'lookup' | 'delete'; id: number }
  | { what: 'thread' | 'process'; child: number }
  | { what: 'exec' | 'gone' }
);

/** The clones that gave one number, in the order of the log. */
interface Births {
  calls: TimerCall[];
  /** The first that has not been placed. */
  next: number;
}

/** Stands for the one thread of a log before strace names threads. */
const UNNAMED = 0;
const LOOKUPS = ['timer_settime', 'timer_gettime', 'timer_getoverrun', 'timer_settime64', 'timer_gettime64'];
const CLONES = ['clone', 'clone3', 'fork', 'vfork'];
const RELEVANT = new Set(['timer_create', 'timer_delete', 'execve', 'execveat', ...LOOKUPS, ...CLONES]);
const SHOWN = 60;

/** The most calls of a log that are kept, and the highest ID of a timer. */
const MAX_CALLS = 4_000_000;

/**
 * Reads a log line by line; then tells its calls in order.
 *
 * A thread whose lines come before its clone has returned belongs to the process of that clone all the same.
 */
export class CallReader {
  private readonly name: string;
  private readonly calls: TimerCall[] = [];
  /** First halves, by thread. */
  private readonly halves: Map<number, string> = new Map();
  private line = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** @throws StraceError naming the line. */
  take(text: string): void {
    this.line++;
    if (!mayMatter(text)) return;
    const parsed = straceLine(text);
    if (parsed === null) {
      if (startsRelevant(text)) throw this.bad(text, 'a call with its result: name(…) = n');
      return;
    }
    if (parsed.kind === 'other') return;
    const tid = parsed.tid ?? UNNAMED;
    if (parsed.kind === 'gone') this.keep({ what: 'gone', tid, line: this.line });
    else this.call(parsed, tid, text);
  }

  /** The calls with children placed before their own first call, and lines without a number given to the thread they are of. */
  inOrder(): TimerCall[] {
    this.nameUnnamed();
    const births = new Map<number, Births>();
    for (const call of this.calls) {
      if (call.what !== 'thread' && call.what !== 'process') continue;
      const known = births.get(call.child);
      if (known === undefined) births.set(call.child, { calls: [call], next: 0 });
      else known.calls.push(call);
    }
    const alive = new Set<number>();
    const ordered: TimerCall[] = [];
    for (const call of this.calls) {
      if (!alive.has(call.tid)) {
        const own = births.get(call.tid);
        if (own !== undefined && own.next < own.calls.length) ordered.push(own.calls[own.next++]!);
        alive.add(call.tid);
      }
      if (call.what === 'gone') alive.delete(call.tid);
      if (call.what === 'thread' || call.what === 'process') {
        // Already there where the child was quicker than its parent.
        const own = births.get(call.child)!;
        if (own.calls[own.next] !== call) continue;
        own.next++;
        alive.add(call.child);
      }
      ordered.push(call);
    }
    return ordered;
  }

  private call(call: TracedCall, tid: number, text: string): void {
    const { name, half } = call;
    if (!RELEVANT.has(name)) return;
    if (half === 'first') {
      this.halves.set(tid, call.args);
      return;
    }
    const args = half === 'second' ? `${this.halves.get(tid) ?? ''}${call.args}` : call.args;
    if (half === 'second' && !this.halves.delete(tid)) {
      throw this.bad(text, `the first half of ${name} before its second`);
    }
    if (call.result === null || call.result < 0) return;
    this.add(name, args, call.result, tid, text);
  }

  private add(name: string, args: string, result: number, tid: number, text: string): void {
    const at = { tid, line: this.line };
    if (CLONES.includes(name)) {
      this.keep({ what: args.includes('CLONE_THREAD') ? 'thread' : 'process', child: result, ...at });
    } else if (name.startsWith('exec')) this.keep({ what: 'exec', ...at });
    else {
      const number = name === 'timer_create' ? /\[(\d+)\]\s*$/.exec(args) : /^(\d+)\b/.exec(args);
      if (number === null)
        throw this.bad(text, name === 'timer_create' ? 'its ID: timer_create(…, [ID]) = 0' : `${name}(ID…) = 0`);
      const id = Number(number[1]);
      if (id > INT_MAX) throw this.bad(text, `an ID, 0…${INT_MAX}`);
      if (name === 'timer_create') this.keep({ what: 'create', id, ...at });
      else this.keep({ what: name === 'timer_delete' ? 'delete' : 'lookup', id, ...at });
    }
  }

  private keep(call: TimerCall): void {
    if (this.calls.length === MAX_CALLS)
      throw new StraceError('too-large', `${this.name}:${this.line}: got more than ${MAX_CALLS} calls, expected fewer`);
    this.calls.push(call);
  }

  private nameUnnamed(): void {
    const children = new Set(this.calls.flatMap((call) => ('child' in call ? [call.child] : [])));
    const main = this.calls.find(({ tid }) => tid !== UNNAMED && !children.has(tid));
    if (main === undefined) return;
    for (const call of this.calls) if (call.tid === UNNAMED) call.tid = main.tid;
  }

  private bad(text: string, expected: string): StraceError {
    const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
    return new StraceError('bad-line', `${this.name}:${this.line}: got '${shown}', expected ${expected}`);
  }
}

function startsRelevant(text: string): boolean {
  return /(?:^|\s)(?:<\.\.\. )?(timer_\w+|clone3?|v?fork|execve(?:at)?)[( ]/.test(text);
}

/** Whether a line can be about a timer, a thread or a process: most of a log is not, and need not be taken apart. */
function mayMatter(line: string): boolean {
  return /timer_|clone|fork|exec|\+\+\+/.test(line);
}
