// LiveProcess: the timer system calls of this very process, made on the running kernel.
import { readFileSync } from 'node:fs';
import type { Libc } from './libc.ts';
import { LiveMemory } from './live-memory.ts';
import { checkKeys, refusal, refused } from './misuse.ts';
import type { SyscallNumbers } from './syscall-numbers.ts';
import {
  CREATE_OPTIONS,
  type CreateOptions,
  type IdPointer,
  type Itimerspec,
  SIGEV_NONE,
  SIGEVENT_FIELDS,
  type Sigevent,
  type TimerCalls,
} from './timer-types.ts';

const THIS_PROCESS = 0;
const RLIMIT_SIGPENDING = 11;

/**
 * The calls of `Process` in @idspace/posix-timers, answered by the kernel: the result, or −errno.
 *
 * IDs, restore mode and limits are those of the whole operating-system process: nothing else in it may make timers
 * meanwhile, least of all while restore mode is on. So give it a process of its own (`runInChild`), which takes its timers
 * with it when it ends. A timer that would send a signal is never armed: the signal would hit the runtime.
 *
 * Cost: about 1 µs a call more than from C.
 */
export class LiveProcess implements TimerCalls {
  private readonly libc: Libc;
  private readonly numbers: SyscallNumbers;
  private readonly memory: LiveMemory;
  /** Timers that would send a signal. */
  private readonly signalling: Set<number> = new Set();
  private writtenId = -1;

  /** Use {@link openLiveProcess}. */
  constructor(libc: Libc, numbers: SyscallNumbers) {
    this.libc = libc;
    this.numbers = numbers;
    this.memory = new LiveMemory(libc);
  }

  /** The process ID: what clocks and sigevents name. */
  get pid(): number {
    return process.pid;
  }

  /** What the last timerCreate left in the caller's buffer, if it changed that; else −1. */
  get lastWrittenId(): number {
    return this.writtenId;
  }

  /**
   * Creates a timer, disarmed.
   *
   * @param sigevent How to tell an expiry; null for a null pointer; a symbol (such as posix-timers' `FAULT`) for one that cannot be read.
   * @param buffer The caller's buffer: a number is short for `{ id }`, the ID wanted in restore mode. Default −1.
   * @returns The ID, 0…2³¹−1, or −errno.
   * @throws RangeError for a sigevent or buffer with a field that there is not, or a pointer that is none of those.
   */
  timerCreate(clock: number, sigevent: Sigevent | null | symbol, buffer: number | CreateOptions = -1): number {
    const { libc, memory } = this;
    if (typeof buffer !== 'number') checkKeys('buffer', buffer, CREATE_OPTIONS, 'an ID or an object');
    const id = typeof buffer === 'number' ? buffer : (buffer.id ?? -1);
    const pointer = typeof buffer === 'number' ? 'ok' : (buffer.idPointer ?? 'ok');
    const idAddress = this.idAddress(pointer, id);
    const result = libc.syscall3(this.numbers.timerCreate, clock, this.sigeventAddress(sigevent), idAddress);
    if (result !== 0) {
      const { readable, now } = { readable: pointer === 'ok', now: memory.readId() };
      const errno = -libc.errno();
      this.writtenId = readable && now !== (id | 0) ? now : -1;
      return errno;
    }
    const created = memory.readId();
    this.writtenId = created;
    if (sigevent === null || (typeof sigevent === 'symbol' ? undefined : sigevent.notify) !== SIGEV_NONE)
      this.signalling.add(created);
    return created;
  }

  /** Deletes a timer. @returns 0 or −errno. */
  timerDelete(id: number): number {
    const result = this.libc.syscall1(this.numbers.timerDelete, id);
    if (result !== 0) return -this.libc.errno();
    if (this.signalling.size > 0) this.signalling.delete(id);
    return 0;
  }

  /**
   * Arms or disarms a timer.
   *
   * @param setting The times; null for a null pointer; a symbol (such as posix-timers' `FAULT`) for one that cannot be read.
   * @returns 0 or −errno.
   * @throws RangeError if it would arm a timer that sends a signal, or for times that are not integers.
   */
  timerSettime(id: number, flags: number, setting: Itimerspec | null | symbol): number {
    const { memory, numbers } = this;
    let address = 0;
    if (typeof setting === 'symbol') address = memory.unmapped;
    else if (setting !== null) {
      if (this.signalling.has(id) && (setting.valueSec !== 0 || setting.valueNsec !== 0)) {
        throw refusal('id', `${id}, a timer that sends a signal, which would hit the runtime`, 'one with SIGEV_NONE');
      }
      memory.writeSetting(setting);
      address = memory.setting;
    }
    return this.result(this.libc.syscall(numbers.timerSettime, id, flags, address, 0, 0));
  }

  /**
   * Reads a timer's setting.
   *
   * @param out Filled on success. The time left goes on running.
   * @returns 0 or −errno.
   */
  timerGettime(id: number, out?: Itimerspec): number {
    const result = this.result(this.libc.syscall3(this.numbers.timerGettime, id, this.memory.setting, 0));
    if (result === 0 && out !== undefined) this.memory.readSetting(out);
    return result;
  }

  /** Tells how many expiries the last signal stood for beyond one. @returns The count or −errno. */
  timerGetoverrun(id: number): number {
    return this.result(this.libc.syscall1(this.numbers.timerGetoverrun, id));
  }

  /** Calls prctl(2), whatever the option. @returns The result or −errno. */
  prctl(option: number, arg2 = 0, arg3 = 0, arg4 = 0, arg5 = 0): number {
    return this.result(this.libc.syscall(this.numbers.prctl, option, arg2, arg3, arg4, arg5));
  }

  /**
   * Sets RLIMIT_SIGPENDING of this process, soft and hard: once lowered, only a privileged process can raise it.
   *
   * @param limit Signals and timers that may be charged to the user, 0…2⁵³−1, or Infinity.
   * @throws RangeError for a limit that is neither.
   * @returns 0 or −errno: −EPERM to raise the hard limit without CAP_SYS_RESOURCE.
   */
  setSigpending(limit: number): number {
    this.memory.writeLimit(limit);
    const { prlimit } = this.numbers;
    return this.result(this.libc.syscall(prlimit, THIS_PROCESS, RLIMIT_SIGPENDING, this.memory.limit, 0, 0));
  }

  /**
   * Lists the process's timers.
   *
   * @returns The text of /proc/self/timers.
   * @throws Error where the kernel has no such file (built without CONFIG_CHECKPOINT_RESTORE).
   */
  procTimers(): string {
    return readFileSync('/proc/self/timers', 'latin1');
  }

  private result(returned: number): number {
    return returned === -1 ? -this.libc.errno() : returned;
  }

  private sigeventAddress(sigevent: Sigevent | null | symbol): number {
    if (sigevent === null) return 0;
    if (typeof sigevent === 'symbol') return this.memory.unmapped;
    checkKeys('sigevent', sigevent, SIGEVENT_FIELDS, 'an object, null or a symbol');
    this.memory.writeSigevent(sigevent);
    return this.memory.sigevent;
  }

  private idAddress(pointer: IdPointer, id: number): number {
    const { memory } = this;
    switch (pointer) {
      case 'ok':
        memory.writeId(id);
        return memory.id;
      case 'null':
        return 0;
      case 'unmapped':
        return memory.unmapped;
      case 'read-only':
        memory.writeReadOnlyId(id);
        return memory.readOnlyId;
      default:
        throw refused('idPointer', pointer, "'ok', 'null', 'unmapped' or 'read-only'");
    }
  }
}
