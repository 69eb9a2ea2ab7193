// Kernel: one running machine of a given release.

import { EOPNOTSUPP, EPERM } from './errno.ts';
import { checkInteger } from './int32.ts';
import { KernelState } from './kernel-state.ts';
import { checkKeys, refused } from './misuse.ts';
import { Process } from './process.ts';
import { parseRelease, withoutTagPrefix } from './release.ts';
import { SignalStruct } from './signal-struct.ts';
import { createReleaseTable } from './tables/create-release-table.ts';
import type { TimerTable } from './tables/timer-table.ts';

/** RLIMIT_SIGPENDING of a machine with 24 GiB: what the recorded kernels gave their processes. */
const DEFAULT_SIGPENDING = 96_365;

/** What machine to start. */
export interface KernelOptions {
  /** `x.y` ('3.9', 'v6.1', '6.18.44-fc'; patch levels change nothing), or a proposed design ('dense', 'xarray', 'xarray-cyclic', 'restricted:N', 'reversed', 'cursor-sysctl', 'create-at-id', 'sigev-bit'). */
  readonly release: string;
  /** Possible CPUs, 1…8192: from 6.15 on the table has 512 buckets for each, rounded up to a power of two. Default 1. */
  readonly cpus?: number | undefined;
  /** RLIMIT_SIGPENDING of spawned processes, 0…2⁵³−1 or Infinity. Default 96,365. */
  readonly sigpending?: number | undefined;
  /** Chooses the signal_struct addresses, u32: 0xffff888100000000 + slot × 1152. Default 1. */
  readonly seed?: number | undefined;
  /** There is a clock chip that can wake the machine: alarm clocks have timers. Default false, as on virtual machines. */
  readonly rtc?: boolean | undefined;
  /** Processes have CAP_WAKE_ALARM, which timers on alarm clocks need beside the chip. Default true. */
  readonly capWakeAlarm?: boolean | undefined;
}

/** Whom to start. */
export interface SpawnOptions {
  /** 1…2²², not in use. Default: the next free one from 1000 on. */
  readonly pid?: number | undefined;
  /** u32. Default 0. */
  readonly uid?: number | undefined;
}

const KERNEL_KEYS: readonly string[] = [
  'release',
  'cpus',
  'sigpending',
  'seed',
  'rtc',
  'capWakeAlarm',
] satisfies (keyof KernelOptions)[];
const SPAWN_KEYS: readonly string[] = ['pid', 'uid'] satisfies (keyof SpawnOptions)[];

/** A machine: its processes share nothing but users, limits and, up to 3.9, IDs. */
export class Kernel {
  /** As asked for, without the 'v' of a tag. */
  readonly release: string;
  private readonly machine: KernelState;

  /** @throws RangeError for an unknown option, an unknown release, one that is not a string, or an option out of range. */
  constructor(options: KernelOptions) {
    checkKeys('options', options, KERNEL_KEYS, "an object such as { release: '6.18' }");
    const { release, cpus = 1, sigpending = DEFAULT_SIGPENDING, seed = 1, rtc = false, capWakeAlarm = true } = options;
    if (sigpending !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(sigpending) && sigpending >= 0)) {
      throw refused('sigpending', sigpending, 'an integer 0…9007199254740991 or Infinity');
    }
    checkInteger('seed', seed, 0, 0xffff_ffff);
    const properties = parseRelease(release);
    this.release = withoutTagPrefix(release);
    const alarmRefusal = rtc ? (capWakeAlarm ? 0 : -EPERM) : -EOPNOTSUPP; // the chip is looked for first
    this.machine = new KernelState(
      properties,
      createReleaseTable(properties, { cpus }),
      sigpending,
      alarmRefusal,
      seed,
    );
  }

  /** Where the timers are kept, for statistics. Changing it breaks the kernel. */
  get table(): TimerTable {
    return this.machine.table;
  }

  /**
   * Starts a process without a parent.
   *
   * @throws RangeError for an unknown option, a pid or uid out of range, or a pid in use.
   */
  spawn(options: SpawnOptions = {}): Process {
    checkKeys('options', options, SPAWN_KEYS, 'an object such as { pid: 5 }');
    const { machine } = this;
    const { pid, uid = 0 } = options;
    machine.findPid(pid);
    return new Process(new SignalStruct(machine, pid, machine.users.of(uid), machine.sigpending));
  }

  /**
   * Tells how many signals are charged to a user: a timer is one. SigQ in /proc/PID/status shows the same.
   *
   * @param uid u32; 0 charges for a user never seen.
   * @throws RangeError for a uid out of range.
   */
  pendingSignals(uid: number): number {
    return this.machine.users.pendingOf(uid);
  }

  /**
   * Shows the release in one line of `console.log`.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const { table, tasks } = this.machine;
    return `Kernel { release: '${this.release}', design: '${table.design}', tasks: ${tasks.size}, timers: ${table.timers.size} }`;
  }
}
