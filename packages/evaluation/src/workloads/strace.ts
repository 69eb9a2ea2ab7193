// strace: the timer calls of a real program's `strace -f` log, as a workload.
import type { Event, Workload } from './event.ts';
import { CallReader, StraceError, type TimerCall } from './strace-calls.ts';

/** A process as the log shows it. */
interface LoggedProcess {
  number: number;
  /** Its live threads. */
  threads: Set<number>;
  /** Live timers: the workload's name of each by the ID in the log. */
  timers: Map<number, number>;
}

/** The most processes and events of a log. */
const MAX_PROCESSES = 4096;
const MAX_EVENTS = 2_000_000;

/**
 * Makes a workload of a log: timer_create, the other timer calls (lookups), timer_delete, and what clone, execve and exit do.
 *
 * IDs are the designs' own. Calls that failed are left out, as are those on timers that were there before the log began.
 *
 * @param lines The log. @param name For errors.
 * @throws StraceError naming the line that cannot be read, or what there is too much of, or that there are no timers.
 */
export function straceWorkload(lines: Iterable<string>, name: string): Workload {
  const reader = new CallReader(name);
  for (const line of lines) reader.take(line);
  return workloadOf(reader, name);
}

/** Makes a workload of a log that has been read. @throws StraceError as {@link straceWorkload}. */
export function workloadOf(reader: CallReader, name: string): Workload {
  const replay = new Replay(name);
  for (const call of reader.inOrder()) replay.take(call);
  const { events, processes, threads, mostTimers, mostThreads } = replay;
  if (!events.some((event) => event.do === 'create')) {
    throw new StraceError(
      'no-timers',
      `${name}: got no timer_create that succeeded, expected a log of strace -f with timers`,
    );
  }
  return {
    name: `strace:${name}`,
    meaning: `the timer calls of ${name}, ${events.length} events (all counted)`,
    processes,
    threads,
    runningThreads: mostThreads,
    timers: mostTimers,
    length: events.length,
    warmUp: 0,
    lookAt: replay.lookAt,
    events: () => events,
    rate: null,
  };
}

/** Follows the log. */
class Replay {
  readonly events: Event[] = [];
  mostTimers = 0;
  /** Threads that are alive at the same time, at most. */
  mostThreads = 0;
  /** The last event after which most timers are alive. */
  lookAt = 0;
  private most = 0;
  private live = 0;
  private readonly byThread: Map<number, LoggedProcess> = new Map();
  private readonly threadNumbers: Map<number, number> = new Map();
  private readonly free: number[] = [];
  private readonly name: string;
  private processCount = 0;

  constructor(name: string) {
    this.name = name;
  }

  get processes(): number {
    return this.processCount;
  }

  get threads(): number {
    return this.threadNumbers.size;
  }

  take(call: TimerCall): void {
    const process = this.processOf(call.tid);
    const by = { process: process.number, thread: this.threadNumbers.get(call.tid)! };
    switch (call.what) {
      case 'create':
        this.create(call, process, by);
        break;
      case 'lookup':
      case 'delete': {
        const timer = process.timers.get(call.id);
        if (timer === undefined) return;
        this.add({ do: call.what, timer, ...by });
        if (call.what === 'delete') this.release(process, call.id);
        break;
      }
      case 'thread':
        this.join(call.child, process);
        break;
      case 'process':
        if (!this.byThread.has(call.child)) this.newProcess(call.child);
        break;
      case 'exec':
        this.loseTimers(process, by);
        break;
      case 'gone':
        process.threads.delete(call.tid);
        this.byThread.delete(call.tid);
        if (process.threads.size === 0) this.loseTimers(process, by);
    }
  }

  private create({ id, line }: TimerCall & { what: 'create' }, process: LoggedProcess, by: Omit<Event, 'do'>): void {
    if (process.timers.has(id))
      throw new StraceError('bad-line', `${this.name}:${line}: got timer ID ${id} again, expected one that is free`);
    const timer = this.free.pop() ?? this.mostTimers++;
    process.timers.set(id, timer);
    this.add({ do: 'create', timer, process: by.process, thread: by.thread });
    if (++this.live >= this.most) {
      this.most = this.live;
      this.lookAt = this.events.length;
    }
  }

  private release(process: LoggedProcess, id: number): void {
    this.free.push(process.timers.get(id)!);
    process.timers.delete(id);
    this.live--;
  }

  private loseTimers(process: LoggedProcess, by: { process: number; thread: number }): void {
    if (process.timers.size === 0) return;
    this.add({ do: 'exit', process: by.process, thread: by.thread });
    for (const id of [...process.timers.keys()]) this.release(process, id);
  }

  private processOf(tid: number): LoggedProcess {
    return this.byThread.get(tid) ?? this.newProcess(tid);
  }

  private newProcess(tid: number): LoggedProcess {
    if (this.processCount === MAX_PROCESSES) {
      throw new StraceError('too-large', `${this.name}: got more than ${MAX_PROCESSES} processes, expected fewer`);
    }
    const process = { number: this.processCount++, threads: new Set<number>(), timers: new Map<number, number>() };
    this.join(tid, process);
    return process;
  }

  private join(tid: number, process: LoggedProcess): void {
    if (this.byThread.has(tid)) return;
    process.threads.add(tid);
    this.byThread.set(tid, process);
    this.mostThreads = Math.max(this.mostThreads, this.byThread.size);
    if (!this.threadNumbers.has(tid)) this.threadNumbers.set(tid, this.threadNumbers.size);
  }

  private add(event: Event): void {
    if (this.events.length === MAX_EVENTS) {
      throw new StraceError('too-large', `${this.name}: got more than ${MAX_EVENTS} timer calls, expected fewer`);
    }
    this.events.push(event);
  }
}
