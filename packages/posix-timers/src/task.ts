// Task: what makes system calls. A Process is the leader of its threads, a Thread is one of the others.
// Source: kernel/time/posix-timers.c (do_timer_create and the other calls), 3.4, 4.9, 5.17, 6.15, 6.18.

import { armTimer } from './arm-timer.ts';
import { bindClock, countsNothing } from './bind-clock.ts';
import { clockKind } from './clock.ts';
import { createPairs, type Pairs } from './create-delete-pairs.ts';
import { type CreateOptions, pointerOf, readWanted } from './create-options.ts';
import { EAGAIN, EFAULT, EINVAL, ENOENT, ENOSYS, ESRCH } from './errno.ts';
import { fillTimer } from './fill-timer.ts';
import { toInt32 } from './int32.ts';
import { type Itimerspec, isValidSetting } from './itimerspec.ts';
import type { KernelState } from './kernel-state.ts';
import { refusal, refused } from './misuse.ts';
import { switchRestoreMode } from './prctl.ts';
import { procTimersText } from './proc-timers.ts';
import { checkSigevent, FAULT, SIGEV_USE_ID, type Sigevent } from './sigevent.ts';
import type { SignalStruct } from './signal-struct.ts';

/** The system calls. Each returns its result, or −errno; misuse of the model throws. */
export abstract class Task {
  /** Thread ID; a process's leader has the process's. */
  readonly tid: number;
  /** false once it has exited: every call is misuse from then on. */
  alive = true;
  protected readonly machine: KernelState;
  protected readonly signal: SignalStruct;
  private writtenId = -1;

  constructor(signal: SignalStruct, tid: number) {
    this.machine = signal.machine;
    this.signal = signal;
    this.tid = tid;
    signal.join(this);
  }

  /** The process ID. */
  get pid(): number {
    return this.signal.pid;
  }

  /** What this task's last timerCreate wrote to the caller's buffer: the ID; −1 where it wrote nothing. A call that fails at the very end has written. */
  get lastWrittenId(): number {
    return this.writtenId;
  }

  /**
   * Creates a timer, disarmed.
   *
   * The checks run in the kernel's order: sigevent pointer, clock, wanted ID (restore mode), charge, ID, sigevent, copy-out,
   * CPU or alarm clock. What fails from the sigevent on has consumed the ID: it is free, but the next one follows.
   *
   * @param clock A clock ID, i32; negative for an encoded CPU clock, see {@link cpuClock}.
   * @param sigevent How to tell an expiry; null for SIGALRM with the ID as the value; {@link FAULT} for a bad pointer.
   * @param buffer The caller's buffer: a number is short for `{ id }`. Looked at in restore mode only; without an ID it
   *   holds −1 there, which is refused.
   * @returns The ID, 0…2³¹−1. −EFAULT: a pointer is bad. −EINVAL: unknown clock, wanted ID negative, bad sigevent, no such
   *   process or thread. −EOPNOTSUPP: the clock has no timers. −EPERM: an alarm clock without CAP_WAKE_ALARM. −EAGAIN: RLIMIT_SIGPENDING, or no ID free. −EBUSY: the
   *   wanted ID is taken.
   * @throws RangeError on an exited task, or a clock, ID or pointer kind that no caller could pass; if there is no memory: then
   *   nothing has changed.
   * Cost: that of the release's table; nothing is allocated, but what doubles.
   * Source: do_timer_create (kernel/time/posix-timers.c), 6.18.
   */
  timerCreate(clock: number, sigevent: Sigevent | null | typeof FAULT, buffer: number | CreateOptions = -1): number {
    this.mustBeAlive();
    const { machine, signal } = this;
    checkSigevent(sigevent);
    if (machine.release.restoreCall === 'sigev-bit' && usesId(sigevent)) {
      return this.createUnder(clock, { ...sigevent, notify: sigevent.notify & ~SIGEV_USE_ID }, buffer);
    }
    const { table } = machine;
    const pointer = pointerOf(buffer);
    const inBuffer = toInt32('id', typeof buffer === 'number' ? buffer : buffer.id === undefined ? -1 : buffer.id);
    const clockId = toInt32('clock', clock);
    const kind = clockId > machine.release.lastClock ? -EINVAL : clockKind(clockId);
    this.writtenId = -1;
    if (sigevent === FAULT) return -EFAULT;
    if (kind < 0) return kind;
    let wanted = -1;
    if (signal.restoring) {
      wanted = readWanted(pointer, inBuffer);
      if (wanted < 0 && !machine.release.leaksBadId) return wanted;
    }
    const { user } = signal;
    if (user.pending >= signal.limit) return -EAGAIN;
    const timer = machine.takeTimer(user);
    if (wanted < 0 && signal.restoring) return wanted; // 6.15 to 6.17 forget the timer and its charge here.
    let id: number;
    try {
      id = table.add(signal.handle, timer, wanted);
    } catch (error) {
      machine.freeTimer(timer);
      throw error;
    }
    if (id < 0) {
      machine.freeTimer(timer);
      return id;
    }
    let errno = fillTimer(signal, timer, id, clockId, sigevent) ? 0 : -EINVAL;
    if (errno === 0) {
      if (pointer === 'ok') this.writtenId = id;
      errno = pointer === 'ok' ? bindClock(this, signal, timer, clockId, kind) : -EFAULT;
    }
    if (errno !== 0) {
      table.abandon(signal.handle, timer);
      machine.freeTimer(timer);
      return errno;
    }
    table.publish(signal.handle, timer);
    return id;
  }

  /**
   * Creates a timer under a given ID: the call that was proposed instead of restore mode.
   *
   * @param id The ID wanted.
   * @returns As {@link timerCreate} in restore mode; −ENOSYS in releases without the call: all but 'create-at-id'.
   * @throws RangeError on an exited task, or a clock or ID that no caller could pass.
   */
  timerCreateAt(clock: number, sigevent: Sigevent | null | typeof FAULT, id: number): number {
    this.mustBeAlive();
    checkSigevent(sigevent);
    toInt32('clock', clock);
    toInt32('id', id);
    return this.machine.release.restoreCall === 'create-at-id' ? this.createUnder(clock, sigevent, id) : -ENOSYS;
  }

  /**
   * Lets the process's next create take the lowest free ID from this one on: writes the sysctl that was proposed instead of restore mode.
   *
   * @param id 0…2³¹−1. The create after that takes the lowest free ID again.
   * @returns 0; −EINVAL for a negative ID; −ENOENT in releases without it: all but 'cursor-sysctl'.
   * @throws RangeError on an exited task, or an ID that does not fit 32 bits.
   */
  setNextId(id: number): number {
    this.mustBeAlive();
    const word = toInt32('id', id);
    const { table } = this.machine;
    if (table.setNextId === undefined) return -ENOENT;
    if (word < 0) return -EINVAL;
    table.setNextId(this.signal.handle, word);
    return 0;
  }

  /**
   * Deletes a timer, armed or not.
   *
   * @param id The ID; negative ones and those above 2³¹−1 belong to no timer.
   * @returns 0; −EINVAL where the process has no such timer.
   * @throws RangeError on an exited task, or an ID that does not fit 32 bits.
   */
  timerDelete(id: number): number {
    this.mustBeAlive();
    const word = toInt32('id', id);
    if (word < 0) return -EINVAL;
    const timer = this.machine.table.remove(this.signal.handle, word);
    if (timer === 0) return -EINVAL;
    this.machine.freeTimer(timer);
    return 0;
  }

  /**
   * Creates a timer and deletes it, again and again: as {@link timerCreate} and {@link timerDelete} called in turn, at a fraction of the time.
   *
   * Each pair goes through limit, charge, next ID, table, list and locks, and leaves all of them as the two calls do; what is
   * the same for all pairs is done once. It ends early at the first call that fails.
   *
   * @param count Pairs wanted, 0…2⁵³−1.
   * @param firstId Also end at the first pair n = 0, 1… whose ID is not firstId + n; its timer then stays. −1, the default: any IDs will do.
   * @returns Pairs made and what the last calls returned.
   * @throws RangeError as the two calls, and for a count or first ID out of range. If memory runs out, the pairs made stay made.
   * Cost: that of the release's table; nothing is allocated for a pair.
   */
  createDeletePairs(clock: number, sigevent: Sigevent | null | typeof FAULT, count: number, firstId = -1): Pairs {
    this.mustBeAlive();
    const result = createPairs(this, this.signal, clock, sigevent, count, firstId);
    if (result.pairs > 0) this.writtenId = Math.max(result.created, -1);
    return result;
  }

  /**
   * Arms or disarms a timer. No clock runs in this model: an armed timer stays armed until it is set again.
   *
   * @param flags {@link TIMER_ABSTIME} or 0; other bits mean nothing.
   * @param setting The times; null for a null pointer, {@link FAULT} for a bad one.
   * @returns 0; −EINVAL for a time that is none, a null setting or an unknown ID; −EFAULT; −ESRCH where the process or thread
   *   whose CPU time it counts has exited.
   * @throws RangeError on an exited task, or numbers that are not integers.
   */
  timerSettime(id: number, flags: number, setting: Itimerspec | null | typeof FAULT): number {
    this.mustBeAlive();
    toInt32('id', id);
    const flagBits = toInt32('flags', flags);
    if (setting === FAULT) return -EFAULT;
    if (setting === null || !isValidSetting(setting)) return -EINVAL;
    const timer = this.findTimer(id);
    if (timer === 0) return -EINVAL;
    if (countsNothing(this.machine, timer)) return -ESRCH;
    armTimer(this.machine.table.timers, timer, flagBits, setting);
    return 0;
  }

  /**
   * Reads a timer's setting back.
   *
   * @param out Filled on success: the time left when it was set (both parts 0: disarmed) and the interval. All 0 for a timer
   *   that counts the CPU time of a task that has exited.
   * @returns 0; −EINVAL for an unknown ID.
   * @throws RangeError on an exited task, or an ID that does not fit 32 bits.
   */
  timerGettime(id: number, out?: Itimerspec): number {
    this.mustBeAlive();
    if (out !== undefined && (typeof out !== 'object' || out === null)) throw refused('out', out, 'an object to fill');
    const timer = this.findTimer(id);
    if (timer === 0) return -EINVAL;
    if (out !== undefined) {
      const { timers } = this.machine.table;
      const gone = countsNothing(this.machine, timer);
      out.valueSec = gone ? 0 : timers.valueSec[timer];
      out.valueNsec = gone ? 0 : timers.valueNsec[timer];
      out.intervalSec = gone ? 0 : timers.intervalSec[timer];
      out.intervalNsec = gone ? 0 : timers.intervalNsec[timer];
    }
    return 0;
  }

  /**
   * Tells how many expiries the last signal stood for beyond one: 0, as no signal is ever delivered here.
   *
   * @returns 0; −EINVAL for an unknown ID.
   * @throws RangeError on an exited task, or an ID that does not fit 32 bits.
   */
  timerGetoverrun(id: number): number {
    this.mustBeAlive();
    const timer = this.findTimer(id);
    return timer === 0 ? -EINVAL : this.machine.table.timers.overrun[timer];
  }

  /**
   * Switches restore mode of the whole process on or off, or tells if it is on.
   *
   * @param option Only PR_TIMER_CREATE_RESTORE_IDS is known.
   * @param arg2 0 off, 1 on, 2 tell.
   * @returns 0, or for 2: 0 or 1. −EINVAL for any other option or argument, and in releases before 6.15.
   * @throws RangeError on an exited task, or an option or argument that is not a number.
   * Source: posixtimer_create_prctl (kernel/time/posix-timers.c), 6.15.
   */
  prctl(option: number, arg2 = 0, arg3 = 0, arg4 = 0, arg5 = 0): number {
    this.mustBeAlive();
    return switchRestoreMode(this.signal, option, arg2, arg3, arg4, arg5);
  }

  /**
   * Lets another user pay for the timers made from now on, by all threads; those there are stay charged as they are.
   *
   * @param uid u32. Privileges are not modelled: every process may become any user.
   * @returns 0.
   * @throws RangeError on an exited task or a uid out of range.
   */
  setuid(uid: number): number {
    this.mustBeAlive();
    this.signal.user = this.machine.users.of(uid);
    return 0;
  }

  /**
   * Sets the process's RLIMIT_SIGPENDING: how many timers its user may have, over all processes, when it makes one more.
   *
   * @param limit 0…2⁵³−1, or Infinity.
   * @returns 0.
   * @throws RangeError on an exited task or a limit out of range.
   */
  setrlimit(limit: number): number {
    this.mustBeAlive();
    if (limit !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(limit) && limit >= 0)) {
      throw refused('limit', limit, 'an integer 0…9007199254740991 or Infinity');
    }
    this.signal.limit = limit;
    return 0;
  }

  /**
   * Replaces the program. The timers go, restore mode ends, the other threads end; the next ID and the limit stay.
   *
   * Called by a thread, that thread takes the leader's place: go on with the {@link Process}.
   *
   * @throws RangeError on an exited task.
   * Source: begin_new_exec (fs/exec.c), exit_itimers (kernel/time/posix-timers.c), 6.18.
   */
  exec(): void {
    this.mustBeAlive();
    this.signal.exec();
  }

  /**
   * Lists the process's timers.
   *
   * @returns The text of /proc/PID/timers: newest first, or by table order in designs without a list.
   * @throws RangeError on an exited task.
   */
  procTimers(): string {
    this.mustBeAlive();
    return procTimersText(this.machine.table, this.signal.handle);
  }

  protected mustBeAlive(): void {
    if (!this.alive) throw refusal('task', `${this.tid}, which has exited`, 'one that lives');
  }

  /** Creates as in restore mode, this one time. */
  private createUnder(clock: number, sigevent: Sigevent | null | typeof FAULT, buffer: number | CreateOptions): number {
    const { signal } = this;
    signal.restoring = true;
    try {
      return this.timerCreate(clock, sigevent, buffer);
    } finally {
      signal.restoring = false;
    }
  }

  /** Returns the timer of an ID, or 0. */
  private findTimer(id: number): number {
    const word = toInt32('id', id);
    return word < 0 ? 0 : this.machine.table.find(this.signal.handle, word);
  }
}

/** Tells if a sigevent asks for the ID in the caller's buffer. */
function usesId(sigevent: Sigevent | null | typeof FAULT): sigevent is Sigevent {
  return typeof sigevent === 'object' && sigevent !== null && (sigevent.notify & SIGEV_USE_ID) !== 0;
}
