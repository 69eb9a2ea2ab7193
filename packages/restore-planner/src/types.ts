// What goes in and what comes out: a checkpoint, the timers of its processes, and the plan that restores them.
import type { Outcome } from './outcome.ts';
import type { CheckpointIds } from './spaces/checkpoint-ids.ts';
import type { Reason } from './spaces/reason.ts';
import type { SpaceSummary } from './spaces/space.ts';
import type { Target } from './spaces/target.ts';
import type { PlanWarning } from './spaces/timers/warnings/plan-warning.ts';

/** A checkpoint as far as POSIX timers are concerned, whatever kind of input it was read from. */
export interface Checkpoint {
  /** The path it was read from. */
  source: string;
  /** CRIU's images, crit's JSON of them, or what /proc/PID/timers lists. */
  format: 'criu-v1.1' | 'criu-v1' | 'crit-json' | 'proc-timers';
  /** False if the input is one process's timers and little else: a listing or a core image alone. Then threads and parents may be unknown, and of a listing also limit, intervals and values. Absent is true. */
  complete?: boolean;
  /** True of a running process, whose threads are known although `complete` is false. Absent: as `complete`. */
  threadsKnown?: boolean;
  /** The kernel it was dumped on, such as '6.18.44-fc', where the input names it. */
  kernelRelease?: string;
  /** The CRIU that dumped it, such as '4.2', where the input names it. */
  criuVersion?: string;
  /** The containers in it, where the input names them: one, or those of a pod. */
  containers?: Container[];
  /** In the order of pstree.img: parents before their children. */
  processes: CheckpointProcess[];
  /** Its other IDs, for each container; absent where the input tells of timers alone. */
  ids?: CheckpointIds[];
}

/** A container as its engine named it. */
export interface Container {
  name?: string;
  id?: string;
  /** 'namespace/name' of its Kubernetes pod, or the name alone. */
  pod?: string;
}

/** One process (thread group). */
export interface CheckpointProcess {
  /** 1…2²², the ID in the dumped pid namespace; 0 if the input does not tell. */
  pid: number;
  /** In a checkpoint of several containers: the name of its own, or the directory in the archive. */
  container?: string;
  /** 0 for the root of the tree. */
  ppid: number;
  /** Thread IDs, the leader's (= pid) first. */
  threads: number[];
  /** In the order of the image, which need not ascend. */
  timers: CheckpointTimer[];
  /** Soft RLIMIT_SIGPENDING, timers; 2⁶⁴−1 is "unlimited"; null if the input holds no limits. */
  rlimitSigpending: bigint | null;
  /** Hard RLIMIT_SIGPENDING where it is below the soft one: CRIU lowers the soft one to it. Absent: it is not. */
  rlimitSigpendingMax?: bigint;
  /** A zombie has an ID and no threads, timers or limits. Absent: alive. */
  state?: 'alive' | 'zombie';
  /** Whether it has a PID namespace of the checkpoint's own, in which it sees no process outside the checkpoint, or shares the target's. Absent: not known, and taken to be its own, as containers have. */
  pidNamespace?: 'own' | 'shared';
  /** Of a running process: its real user, and the signals and timers charged to that user, the process's own among them. */
  charged?: { uid: number; pending: number };
  /** Its setitimer timers that are set or damaged. Absent: none, or not known. */
  itimers?: IntervalTimer[];
  /** What is in an image of its own, as CRIU wrote it before 1.3 and reads it since 2.6 only with --deprecated. Absent: nothing. */
  oldImages?: ('timers' | 'limits')[];
  /** The lines that CRIU prints when it reads this process's images and gives up; of a running process, when it dumps it. Absent: it does not. */
  refused?: string[];
}

/** One of the three timers of setitimer, exactly as the image holds it. */
export interface IntervalTimer {
  which: 'real' | 'virtual' | 'prof';
  interval: { sec: bigint; usec: bigint };
  value: { sec: bigint; usec: bigint };
}

/** What an expiry does: a signal to the process, nothing, a signal for libc's helper thread, a signal to one thread; `unknown` is a kind that no kernel knows. */
export type Notify = 'signal' | 'none' | 'thread' | 'thread-id' | 'unknown';

/** One POSIX timer as dumped. */
export interface CheckpointTimer {
  /** 0…2³¹−1; below 0 in a damaged image, which no kernel creates. */
  id: number;
  /** The signed clockid_t: −6, not 4294967290. */
  clock: number;
  /** See {@link clockName}. */
  clockName: string;
  notify: Notify;
  /** The number of an `unknown` kind, 32 bits, signed; absent for the others. */
  notifyKind?: number;
  /** Signal, 32 bits, signed. 0 is common for 'none'. */
  signo: number;
  /** The 64 bits of sigev_value, unsigned. */
  sival: bigint;
  interval: Duration;
  /** What was left until the next expiry; zero for a disarmed timer. */
  value: Duration;
  overrun: number;
  /** Only for 'thread-id', and then absent in dumps of older CRIU. */
  notifyThreadId?: number;
}

/** A timespec exactly as the image holds it: `nsec` may be ≥ 10⁹ in a damaged one. */
export interface Duration {
  sec: bigint;
  nsec: bigint;
}

/** How the plan should be made. */
export interface PlanOptions {
  /** A release such as '3.9', 'v6.1', '6.18.44-fc', or a proposed design: see {@link KERNEL_KINDS}. */
  kernel: string;
  /** A CRIU version such as '4.2', 'v3.19', '4.1.1': '0.6' or later; or 'native', a restorer that uses the kernel's best mechanism. */
  criu: string;
  /** Time of a create+delete pair, ns, 0…10¹². Default 894, measured on Linux 6.18. */
  nsPerPair?: number | undefined;
  /** Time of a create that stays, ns, 0…10¹². Default 485, measured on Linux 6.18. */
  nsPerRestore?: number | undefined;
  /** Timers the user may have; overrides each process's own RLIMIT_SIGPENDING. */
  sigpending?: number | bigint | undefined;
  /** Signals and timers that are already charged to the user who runs CRIU on the target (the first number of SigQ in /proc/PID/status). Default 0, with a remark where more would matter. */
  sigq?: number | undefined;
  /** What is known of the target. Default: nothing but `kernel` and `criu`. Its limits hold for timers, too, where the options here do not say otherwise. */
  target?: Target | undefined;
  /** CRIU is given --deprecated, and reads old images. Default false. */
  deprecated?: boolean | undefined;
  /** Whether the target has a real-time clock that can wake it, which timers on alarm clocks need. Default: not known. */
  rtc?: boolean | undefined;
  /** Whether CRIU has CAP_WAKE_ALARM on the target, which timers on alarm clocks need, too. Default: not known. */
  capWakeAlarm?: boolean | undefined;
}

/**
 * How the IDs are reached.
 * - `restore-ids`: each is asked for in restore mode · `create-at-id`: each create names its ID, by a call of its own or by {@link SIGEV_USE_ID}
 * - `cursor`: the ID the next create gives is set before each · `dance`: timers are created and deleted until the ID comes
 * - `fill`: all timers up to the highest ID are created, then those in between deleted · `none`: nothing to do
 */
export type Strategy = 'restore-ids' | 'create-at-id' | 'cursor' | 'dance' | 'fill' | 'none';

/**
 * How a create comes by its ID, in the terms of {@link TimerSyscalls}; the ID wanted is the timer's own.
 * - `plain`: timerCreate(clock, sigevent): whatever comes
 * - `restore-mode`: timerCreate(clock, sigevent, id), restore mode being on
 * - `at-id`: timerCreateAt(clock, sigevent, id)
 * - `use-id`: timerCreate(clock, sigevent with {@link SIGEV_USE_ID} in notify, id)
 */
export type CreateCall = 'plain' | 'restore-mode' | 'at-id' | 'use-id';

/** A run of equal system calls; a plan has O(timers) of them whatever the IDs. `timer` indexes `ProcessPlan.timers`. */
export type Step =
  /** prctl(PR_TIMER_CREATE_RESTORE_IDS, on), refused with EINVAL by kernels that lack it. */
  | { op: 'prctl'; on: boolean; refused: boolean }
  /** setNextId(id): the next create gives `id`. */
  | { op: 'cursor'; id: number }
  /** `pairs` times timer_create and timer_delete of what came: IDs `from`, `from` + 1, … on a next-ID kernel, `from` again and again where freed IDs are reused. */
  | { op: 'dance'; timer: number; from: number; pairs: number }
  /** Plain creates that all stay for now: one for each ID from `from` to `to`, both included; downwards if `to` is the smaller. */
  | { op: 'fill'; timer: number; from: number; to: number }
  /** One create. `id` is what it gives, null if it is refused with the plan's `errno`. */
  | { op: 'create'; timer: number; how: CreateCall; id: number | null }
  /** timer_delete of each ID from `from` to `to`, both included and ascending; outside a dance. */
  | { op: 'delete'; from: number; to: number };

/** The counts of a plan; refused calls are counted too. */
export interface CallCounts {
  creates: number;
  deletes: number;
  prctls: number;
}

/** The restore of one process's timers. */
export interface ProcessPlan extends CallCounts {
  pid: number;
  /** As the checkpoint's process has it; absent where there is a single container. */
  container?: string;
  /** In restore order: ascending ID, as CRIU sorts them. */
  timers: CheckpointTimer[];
  strategy: Strategy;
  outcome: Outcome;
  /** Every line CRIU prints, joined by \n; null if it prints none. The letter N stands for a number that is not determined. */
  error: string | null;
  /** Name of the error number of the refused system call; null if none was refused or CRIU itself gave up. */
  errno: string | null;
  /** Most timers of this process alive at the same time, temporaries included. */
  peakTimers: number;
  /** Where the kernel looks for the next ID afterwards: its counter (0 after INT_MAX), or the lowest free ID on a dense kernel. */
  nextId: number;
  /** (deletes × nsPerPair + (creates − deletes) × nsPerRestore) / 10⁹. */
  seconds: number;
  /** What fails, or succeeds and is wrong all the same; worst first. */
  warnings: PlanWarning[];
  /** The calls, run-length encoded. For `hangs`, up to the first repeated state. */
  steps: Step[];
}

/** Sums over all processes. */
export interface PlanTotals extends CallCounts {
  processes: number;
  timers: number;
  /** The worst of all processes. */
  outcome: Outcome;
  seconds: number;
}

/** A plan for a whole checkpoint. */
export interface RestorePlan {
  /** As asked for, without the 'v' of a tag. */
  kernel: string;
  /** As asked for, without the 'v' of a tag. */
  criu: string;
  nsPerPair: number;
  nsPerRestore: number;
  /**
   * The worst of all ID spaces and processes: one that fails ends the whole restore. Without a target, a space that merely depends on it does not count;
   * nor does, with one or without, what was not read of the checkpoint: `reasons` say so.
   */
  outcome: Outcome;
  /** In the order of the checkpoint. */
  processes: ProcessPlan[];
  /** Sums over the timers of all processes. */
  totals: PlanTotals;
  /** Why the outcome is not `ok`, and what depends on the target where none was given; what decides the outcome first. */
  reasons: Reason[];
  /** Every ID space that the checkpoint has IDs of, timers first. */
  spaces: SpaceSummary[];
}
