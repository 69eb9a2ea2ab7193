// The calls of a restorer on a model of @idspace/posix-timers, counted.
import type { Process } from '@idspace/posix-timers';
import type { CheckpointTimer, Notify } from '@idspace/restore-planner';
import type { Calls } from './tiny-kernel.ts';

const NOTIFY: Record<Notify, number> = { signal: 0, none: 1, thread: 2, 'thread-id': 4 };
const PR_TIMER_CREATE_RESTORE_IDS = 77;

/** A model's process, its calls counted. */
export class ModelCalls implements Calls {
  readonly counts: { creates: number; deletes: number; prctls: number } = { creates: 0, deletes: 0, prctls: 0 };
  private readonly process: Process;
  private readonly timerOf: (id: number) => CheckpointTimer;
  private readonly reuses: boolean;

  /** @param timerOf The timer that is to get an ID. @param reuses If the kernel gives freed IDs out again at once. */
  constructor(process: Process, timerOf: (id: number) => CheckpointTimer, reuses: boolean) {
    this.process = process;
    this.timerOf = timerOf;
    this.reuses = reuses;
  }

  create(id: number): number {
    this.counts.creates++;
    const { clock, notify, signo, sival, notifyThreadId = 0 } = this.timerOf(id);
    return this.process.timerCreate(clock, { notify: NOTIFY[notify], signo, value: sival, tid: notifyThreadId }, id);
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
    const counter = this.reuses ? '' : this.counts.creates; // a next-ID counter never stands still
    return `${counter} ${this.process.procTimers()}`;
  }
}

/** IDs as /proc/PID/timers lists them, ascending. */
export function listedIds(process: Process): number[] {
  const ids = [...process.procTimers().matchAll(/^ID: (\d+)$/gm)].map(([, id]) => Number(id));
  return ids.sort((a, b) => a - b);
}

/** The first ID from `start` on that is not live. */
export function freeFrom(start: number, live: readonly number[]): number {
  let id = start;
  while (live.includes(id)) id++;
  return id;
}
