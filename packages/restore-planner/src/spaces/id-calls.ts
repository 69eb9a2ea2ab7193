// The calls by which CRIU gets the IDs of a checkpoint, beside those for timers; models or the running kernel answer them.
import type { SysvKind } from './sysv/sysv-ids.ts';

/** Calls on inotify files, as models and kernels answer them: a result, or −errno. */
export interface WatchCalls {
  /** inotify_init1. Returns a number for the file. */
  open(): number;
  /** The ioctl INOTIFY_IOC_SETNEXTWD. Returns 0. */
  setNextId(file: number, wd: number): number;
  /** inotify_add_watch on something that the file does not watch yet. Returns the watch descriptor. */
  add(file: number): number;
  /** inotify_rm_watch. Returns 0. */
  remove(file: number, wd: number): number;
}

/** Calls on System V IPC in one IPC namespace. */
export interface ObjectCalls {
  /** Sets the most objects of a kind. Returns 0. */
  setLimit(kind: SysvKind, most: number): number;
  /** Writes kernel.{shm,sem,msg}_next_id. Returns 0. */
  setNextId(kind: SysvKind, id: number): number;
  /** Makes an object that must not be there yet. @param key 0: private. Returns its ID. */
  create(kind: SysvKind, key: number): number;
}

/** Calls on pseudo-terminals. */
export interface TerminalCalls {
  /** Goes to another devpts, as it is before the restore. Returns 0. */
  mount(): number;
  /** Opens ptmx there. Returns the index. */
  open(): number;
  close(index: number): void;
}

/** An AIO ring, as its header tells. */
export interface Ring {
  /** Slots for events. */
  nr: number;
  tail: number;
}

/** Calls on AIO contexts. */
export interface RingCalls {
  /** io_setup. Returns a number for the ring. */
  setUp(requests: number): number;
  /** Submits no-op requests and takes their events. Returns how many. */
  submit(ring: number, requests: number): number;
  read(ring: number): Ring;
}

/** Calls of processes in one PID namespace; each is made by the process that is named first. */
export interface ProcessCalls {
  /** The process from which the tree of the checkpoint is forked; with a namespace of its own, that is its root. */
  readonly first: number;
  /** clone3. @param ask The number wanted, as `set_tid`. Returns the number that came. */
  fork(parent: number, ask?: number): number;
  /** The same for a thread. */
  thread(process: number, ask?: number): number;
  /** Writes kernel.ns_last_pid. Returns 0. */
  setLastPid(pid: number): number;
  /** Writes kernel.pid_max if that raises it. Returns 0. */
  raisePidMax(limit: number): number;
  setsid(process: number): number;
  setpgid(process: number, group: number): number;
  sidOf(process: number): number;
  pgidOf(process: number): number;
  /** Ends a process, and lets its parent wait for it. Returns 0. */
  end(parent: number, process: number): number;
}

/** A space that cannot be played. */
export interface Unavailable {
  /** Why, as a sentence. */
  why: string;
}

/** What answers the calls for one checkpoint: fresh for each. */
export interface IdStage {
  inotify: WatchCalls | Unavailable;
  sysv: ObjectCalls | Unavailable;
  pty: TerminalCalls | Unavailable;
  aio: RingCalls | Unavailable;
  pids: ProcessCalls | Unavailable;
}
