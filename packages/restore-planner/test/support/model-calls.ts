// The calls of a restorer on a model of @idspace/posix-timers, counted.
import type { Process, Sigevent } from '@idspace/posix-timers';
import { type CheckpointTimer, type Notify, SIGEV_USE_ID } from '@idspace/restore-planner';
import { type Calls, EAGAIN, type TinyRules } from './tiny-kernel.ts';

const NOTIFY: Record<Notify, number> = { signal: 0, none: 1, thread: 2, 'thread-id': 4, unknown: 3 };
const PR_TIMER_CREATE_RESTORE_IDS = 77;

/** A model's process, its calls counted. */
export class ModelCalls implements Calls {
  /** What the last create gave if it was refused; else 0. */
  refused = 0;
  readonly counts: { creates: number; deletes: number; prctls: number } = { creates: 0, deletes: 0, prctls: 0 };
  private readonly process: Process;
  private readonly timerOf: (id: number) => CheckpointTimer;

  /** @param timerOf The timer that is to get an ID. */
  constructor(process: Process, timerOf: (id: number) => CheckpointTimer) {
    this.process = process;
    this.timerOf = timerOf;
  }

  create(id: number): number {
    return this.noted((clock, sigevent) => this.process.timerCreate(clock, sigevent, id | 0), id);
  }

  createAt(id: number): number {
    return this.noted((clock, sigevent) => this.process.timerCreateAt(clock, sigevent, id), id);
  }

  createUsing(id: number): number {
    return this.noted((clock, sigevent) => {
      return this.process.timerCreate(clock, { ...sigevent, notify: sigevent.notify | SIGEV_USE_ID }, id);
    }, id);
  }

  setNextId(id: number): number {
    return this.process.setNextId(id);
  }

  delete(id: number): number {
    this.counts.deletes++;
    return this.process.timerDelete(id);
  }

  restoreMode(on: boolean): number {
    this.counts.prctls++;
    return this.process.prctl(PR_TIMER_CREATE_RESTORE_IDS, on ? 1 : 0);
  }

  state(): string {
    return `${this.process.nextId} ${this.process.procTimers()}`;
  }

  private noted(create: (clock: number, sigevent: Sigevent) => number, id: number): number {
    const { clock, notify, notifyKind, signo, sival, notifyThreadId = 0 } = this.timerOf(id);
    const kind = notifyKind ?? NOTIFY[notify];
    this.counts.creates++;
    const result = create(clock, { notify: kind, signo, value: sival, tid: notifyThreadId });
    this.refused = Math.min(result, 0);
    return result;
  }
}

/** IDs as /proc/PID/timers lists them, ascending. */
export function listedIds(process: Process): number[] {
  const ids = [...process.procTimers().matchAll(/^ID: (\d+)$/gm)].map(([, id]) => Number(id));
  return ids.sort((a, b) => a - b);
}

/** What a create gives: the first ID from `start` on that is not live, or −EAGAIN. */
export function freeFrom(start: number, live: readonly number[], { order, idCount }: TinyRules): number {
  if (live.length >= idCount) return -EAGAIN;
  let id = start;
  while (live.includes(id)) id = order === 'highest' ? id - 1 : (id + 1) % idCount;
  return id;
}
