// What a restore depends on, of a machine: the part of a target of @idspace/restore-planner that can be seen from the machine itself.

/** A process number that is in use, and as what. */
export interface TakenNumber {
  number: number;
  as: 'pid' | 'zombie' | 'tid' | 'pgid' | 'sid';
  /** The process that has it, or is in that group or session: its command and PID, where known. */
  command?: string;
  pid?: number;
  /** It is of a thread of the kernel. */
  kernelThread?: boolean;
}

/** What was found; a key that is missing could not be seen. */
export interface MachineFacts {
  /** Kernel release. */
  kernel?: string;
  /** Version of the criu on the PATH. */
  criu?: string;
  /** kernel.pid_max of this PID namespace. */
  pidMax?: number;
  pidMaxWhereCriuRuns?: number;
  /** Every process number in use. */
  taken?: TakenNumber[];
  /** kernel.ns_last_pid. */
  lastPid?: number;
  /** Ways to ask for an ID that do not work here: 'clone3-set-tid', 'inotify-next-wd'. */
  cannotAsk?: string[];
  /** Every index in use in the devpts at /dev/pts. */
  ptysTaken?: number[];
  /** Whether the kernel was booted with ipcmni_extend. */
  ipcmniExtend?: boolean;
  /** Most that kernel.shmmni can be set to. */
  shmmniMax?: number;
  /** fs.aio-nr and fs.aio-max-nr. */
  aioNr?: number;
  aioMaxNr?: number;
  /** Number of possible CPUs. */
  possibleCpus?: number;
  /** Whether a clock can wake the machine, and whether this process may set it. */
  rtc?: boolean;
  capWakeAlarm?: boolean;
  /** Signals and timers charged to root. */
  sigqOfCriuUser?: number;
  /** RLIMIT_SIGPENDING, where this process cannot raise it. */
  criuRlimitSigpending?: number;
  /** fs.inotify.max_user_watches and max_user_instances, and what root has. */
  maxUserWatches?: number;
  maxUserInstances?: number;
  userWatches?: number;
}
