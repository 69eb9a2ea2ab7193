// timerCalls: what a log says that matters for timers, thread by thread, in the order in which calls return.
import { straceLine, type TracedCall } from './strace-line.ts';

/** Says that a log cannot be replayed: where, what was got, what is expected. */
export class StraceError extends Error {
  override readonly name = 'StraceError';
}

/** One thing that happened. */
export type TimerCall = { tid: number; line: number } & (
  | { what: 'create'; id: number }
  | { what: 'lookup' | 'delete'; id: number }
  | { what: 'thread' | 'process'; child: number }
  | { what: 'exec' | 'gone' }
);

/** Stands for the one thread of a log before strace names threads. */
const UNNAMED = 0;
const LOOKUPS = ['timer_settime', 'timer_gettime', 'timer_getoverrun', 'timer_settime64', 'timer_gettime64'];
const CLONES = ['clone', 'clone3', 'fork', 'vfork'];
const RELEVANT = new Set(['timer_create', 'timer_delete', 'execve', 'execveat', ...LOOKUPS, ...CLONES]);
const SHOWN = 60;

/**
 * Reads a log.
 *
 * A thread whose lines come before its clone has returned belongs to the process of that clone all the same.
 *
 * @throws StraceError naming the line.
 */
export function* timerCalls(lines: Iterable<string>, name: string): Generator<TimerCall> {
  const reader = new Reader(name);
  for (const line of lines) reader.take(line);
  yield* reader.inOrder();
}

class Reader {
  private readonly name: string;
  private readonly calls: TimerCall[] = [];
  /** First halves, by thread. */
  private readonly halves: Map<number, string> = new Map();
  private line = 0;

  constructor(name: string) {
    this.name = name;
  }

  take(text: string): void {
    this.line++;
    const parsed = straceLine(text);
    if (parsed === null) {
      if (startsRelevant(text)) throw this.bad(text, 'a call with its result: name(…) = n');
      return;
    }
    if (parsed.kind === 'other') return;
    const tid = parsed.tid ?? UNNAMED;
    if (parsed.kind === 'gone') this.calls.push({ what: 'gone', tid, line: this.line });
    else this.call(parsed, tid, text);
  }

  /** The calls with children placed before their own first call, and lines without a number given to the thread they are of. */
  inOrder(): TimerCall[] {
    this.nameUnnamed();
    const births = new Map<number, TimerCall[]>();
    for (const call of this.calls)
      if (call.what === 'thread' || call.what === 'process') pushTo(births, call.child, call);
    const alive = new Set<number>();
    const ordered: TimerCall[] = [];
    for (const call of this.calls) {
      if (!alive.has(call.tid)) {
        const birth = births.get(call.tid)?.shift();
        if (birth !== undefined) ordered.push(birth);
        alive.add(call.tid);
      }
      if (call.what === 'gone') alive.delete(call.tid);
      if (call.what === 'thread' || call.what === 'process') {
        // Already there where the child was quicker than its parent.
        const early = births.get(call.child)?.[0] !== call;
        if (early) continue;
        births.get(call.child)!.shift();
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
      this.calls.push({ what: args.includes('CLONE_THREAD') ? 'thread' : 'process', child: result, ...at });
    } else if (name.startsWith('exec')) this.calls.push({ what: 'exec', ...at });
    else {
      const number = name === 'timer_create' ? /\[(\d+)\]\s*$/.exec(args) : /^(\d+)\b/.exec(args);
      if (number === null)
        throw this.bad(text, name === 'timer_create' ? 'its ID: timer_create(…, [ID]) = 0' : `${name}(ID…) = 0`);
      const id = Number(number[1]);
      if (name === 'timer_create') this.calls.push({ what: 'create', id, ...at });
      else this.calls.push({ what: name === 'timer_delete' ? 'delete' : 'lookup', id, ...at });
    }
  }

  private nameUnnamed(): void {
    const children = new Set(this.calls.flatMap((call) => ('child' in call ? [call.child] : [])));
    const main = this.calls.find(({ tid }) => tid !== UNNAMED && !children.has(tid));
    if (main === undefined) return;
    for (const call of this.calls) if (call.tid === UNNAMED) call.tid = main.tid;
  }

  private bad(text: string, expected: string): StraceError {
    const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
    return new StraceError(`${this.name}:${this.line}: got '${shown}', expected ${expected}`);
  }
}

function startsRelevant(text: string): boolean {
  return /(?:^|\s)(?:<\.\.\. )?(timer_\w+|clone3?|v?fork|execve(?:at)?)[( ]/.test(text);
}

function pushTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
