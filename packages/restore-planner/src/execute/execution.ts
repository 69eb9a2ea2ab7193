// One plan being executed: makes the calls of a step, compares what they give, and remembers what is alive.
import { ERRNO } from '../errno.ts';
import { SIGEV_USE_ID, type TimerSyscalls } from '../timer-syscalls.ts';
import type { CallCounts, CheckpointTimer, CreateCall, ProcessPlan, Step } from '../types.ts';
import { IdRanges } from './id-ranges.ts';
import type { Difference } from './report.ts';
import { sigeventOf } from './sigevent-of.ts';

const PR_TIMER_CREATE_RESTORE_IDS = 77;

/** State of an execution. */
export class Execution {
  creates = 0;
  deletes = 0;
  prctls = 0;
  cursors = 0;
  verified = 0;
  lastId = -1;
  readonly differences: Difference[] = [];
  readonly live: IdRanges = new IdRanges();
  /** Calls between two pauses. */
  readonly pauseEvery: number;
  private readonly plan: ProcessPlan;
  private readonly syscalls: TimerSyscalls;
  private step = 0;
  private restoring = false;

  constructor(plan: ProcessPlan, syscalls: TimerSyscalls, pauseEvery: number) {
    this.pauseEvery = pauseEvery;
    this.plan = plan;
    this.syscalls = syscalls;
  }

  /** System calls made so far. */
  get calls(): number {
    return this.creates + this.deletes + this.prctls + this.cursors;
  }

  /** Makes the calls of a step; yields after every `pauseEvery`, and ends early at a difference. */
  *play(step: Step, index: number): Generator<void> {
    this.step = index;
    if (step.op === 'prctl') this.prctl(step.on, step.refused);
    else if (step.op === 'cursor') this.moveCursor(step.id);
    else if (step.op === 'create') this.create(step.timer, step.how, step.id);
    else if (step.op === 'dance') yield* this.dance(step.timer, step.from, step.pairs);
    else if (step.op === 'fill') yield* this.fill(step.timer, step.from, step.to);
    else yield* this.delete(step.from, step.to);
  }

  /** Deletes what is alive and leaves restore mode, whatever went wrong before. */
  *cleanUp(): Generator<void, CallCounts> {
    const counts = { creates: 0, deletes: 0, prctls: 0 };
    this.step = -1;
    if (this.restoring) {
      counts.prctls++;
      this.setRestoreMode(false, 0);
    }
    for (const id of [...this.live]) {
      counts.deletes++;
      const result = this.syscalls.timerDelete(id);
      if (this.isAsExpected(`timer_delete of ID ${id}`, 0, result)) this.live.remove(id, id);
      if (counts.deletes % this.pauseEvery === 0) yield;
    }
    return counts;
  }

  private prctl(on: boolean, refused: boolean): void {
    this.prctls++;
    this.setRestoreMode(on, refused ? -ERRNO.EINVAL! : 0);
  }

  private setRestoreMode(on: boolean, expected: number): void {
    const result = this.syscalls.prctl(PR_TIMER_CREATE_RESTORE_IDS, on ? 1 : 0);
    if (result === 0) this.restoring = on;
    this.isAsExpected(`prctl(PR_TIMER_CREATE_RESTORE_IDS, ${on ? 'ON' : 'OFF'})`, expected, result);
  }

  private moveCursor(id: number): void {
    this.cursors++;
    this.isAsExpected(`setNextId(${id})`, 0, this.syscalls.setNextId!(id));
  }

  private create(timer: number, how: CreateCall, expected: number | null): void {
    const wanted = this.plan.timers[timer]!;
    this.creates++;
    this.came(this.createCall(wanted, how), expected ?? -ERRNO[this.plan.errno!]!, wanted.id);
  }

  private createCall(timer: CheckpointTimer, how: CreateCall): number {
    const { syscalls } = this;
    const { id, clock } = timer;
    const sigevent = sigeventOf(timer);
    if (how === 'at-id') return syscalls.timerCreateAt!(clock, sigevent, id);
    if (how === 'use-id') sigevent.notify |= SIGEV_USE_ID;
    return syscalls.timerCreate(clock, sigevent, id);
  }

  /** Notes the result of a create. Returns whether it is the one expected. */
  private came(got: number, expected: number, wanted: number): boolean {
    if (got >= 0) {
      this.lastId = got;
      this.live.add(got, got);
    }
    if (!this.isAsExpected(`timer_create for ID ${wanted}`, expected, got)) return false;
    if (got >= 0) this.verified++;
    return true;
  }

  private *dance(timer: number, from: number, pairs: number): Generator<void> {
    const wanted = this.plan.timers[timer]!;
    const slice = this.pauseEvery >>> 1;
    for (let done = 0; done < pairs; done += slice) {
      const now = Math.min(slice, pairs - done);
      const made = this.danceSlice(wanted, from + done, now);
      this.creates += made;
      this.deletes += made;
      this.verified += made;
      if (made > 0) this.lastId = from + done + made - 1;
      if (made < now) return this.failPair(wanted);
      if (done + now < pairs) yield;
    }
  }

  /** Makes pairs as long as they give what they should; the first that does not is left to {@link failPair}. Returns how many. */
  private danceSlice(wanted: CheckpointTimer, from: number, pairs: number): number {
    const { syscalls } = this;
    const { clock, id } = wanted;
    const sigevent = sigeventOf(wanted);
    const end = from + pairs;
    if (syscalls.createDeletePairs !== undefined && !this.restoring) {
      const made = syscalls.createDeletePairs(clock, sigevent, pairs, from);
      if (made.pairs < pairs) return this.endSlice(made.pairs, from + made.pairs, made.created, made.deleted);
      return made.lastId === end - 1 ? pairs : this.endSlice(pairs - 1, end - 1, made.lastId, 0);
    }
    for (let next = from; next < end; next++) {
      const got = syscalls.timerCreate(clock, sigevent, id);
      if (got !== next) return this.endSlice(next - from, next, got, 0);
      const result = syscalls.timerDelete(next);
      if (result !== 0) return this.endSlice(next - from, next, got, result);
    }
    return pairs;
  }

  private pair = { next: 0, got: 0, deleted: 0 };

  private endSlice(made: number, next: number, got: number, deleted: number): number {
    this.pair = { next, got, deleted };
    return made;
  }

  private failPair(wanted: CheckpointTimer): void {
    const { next, got, deleted } = this.pair;
    this.creates++;
    if (!this.came(got, next, wanted.id)) return;
    this.deletes++;
    this.isAsExpected(`timer_delete of ID ${next}`, 0, deleted);
  }

  private *fill(timer: number, from: number, to: number): Generator<void> {
    const wanted = this.plan.timers[timer]!;
    const step = from <= to ? 1 : -1;
    const count = Math.abs(to - from) + 1;
    for (let done = 0; done < count; done++) {
      if (done % this.pauseEvery === this.pauseEvery - 1) yield;
      this.creates++;
      if (!this.came(this.createCall(wanted, 'plain'), from + step * done, wanted.id)) return;
    }
  }

  private *delete(from: number, to: number): Generator<void> {
    for (let id = from; id <= to; id++) {
      if ((id - from) % this.pauseEvery === this.pauseEvery - 1) yield;
      this.deletes++;
      if (!this.isAsExpected(`timer_delete of ID ${id}`, 0, this.syscalls.timerDelete(id))) return;
      this.live.remove(id, id);
    }
  }

  private isAsExpected(call: string, expected: number, got: number): boolean {
    if (got === expected) return true;
    this.differences.push({ step: this.step, call, expected, got });
    return false;
  }
}
