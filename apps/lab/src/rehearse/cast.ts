// The processes and threads of a checkpoint that is rehearsed on a model, under their own IDs.
import { DESIGN, Kernel, type KernelOptions, type Process, parseRelease } from '@idspace/posix-timers';
import {
  type Checkpoint,
  type CheckpointProcess,
  cpuClockOf,
  type RehearseOptions,
  type Target,
} from '@idspace/restore-planner';
import { CommandError } from '../cli/failure.ts';
import { roomOf } from './room.ts';

const CRIU_USER = 0;
/** What counts nothing of another process or thread. */
const OWN = { perThread: false, target: 0 } as const;

/** The processes of a checkpoint on a model, all of one user, to which their timers are charged as they are to CRIU's. */
export class Cast {
  private readonly kernels: Map<string, Kernel> = new Map();
  private readonly processes: Process[] = [];
  private readonly checkpoint: Checkpoint;
  private readonly traits: RehearseOptions;
  private readonly release: KernelOptions['release'];
  private readonly isSystemWide: boolean;
  private readonly target: Target;
  /** The processes that are known to live on the target; undefined if that is not known. */
  private readonly living: ReadonlySet<number> | undefined;

  /**
   * @param target What is known of the machine: the model is like it.
   * @throws CommandError if two of the processes have the same ID on one system.
   */
  constructor(release: string, checkpoint: Checkpoint, target: Target) {
    const { design, reversed, idCount } = parseRelease(release);
    this.release = release;
    this.checkpoint = checkpoint;
    this.target = target;
    const processes = target.taken?.filter(({ as }) => as === 'pid' || as === 'zombie');
    this.living = processes && new Set(processes.map(({ number }) => number));
    this.isSystemWide = DESIGN[design].scope === 'system';
    this.traits = { newestFirst: DESIGN[design].list, direction: reversed ? -1 : 1, idCount };
    try {
      for (const process of checkpoint.processes) this.spawn(process);
      this.spawnNamed();
    } catch (error) {
      throw new CommandError('input', `the model cannot hold this checkpoint: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  /** The process at an index of the checkpoint. */
  at(index: number): { stage: Process; traits: RehearseOptions } {
    const kernel = this.kernelOf(this.checkpoint.processes[index]!);
    const before = kernel.pendingSignals(CRIU_USER);
    return {
      stage: this.processes[index]!,
      traits: { ...this.traits, charged: () => kernel.pendingSignals(CRIU_USER) - before },
    };
  }

  private spawn(process: CheckpointProcess): void {
    const { pid, threads, refused } = process;
    const kernel = this.kernelOf(process);
    const isPossible = pid !== 0 && refused === undefined; // no call is made for one whose images CRIU refuses
    const spawned = kernel.spawn(isPossible ? { uid: CRIU_USER, pid } : { uid: CRIU_USER });
    if (isPossible) for (const tid of threads) if (tid !== pid && tid !== 0) spawned.thread(tid);
    spawned.setrlimit(roomOf(process, this.target));
    this.processes.push(spawned);
  }

  /** A container has a pid namespace of its own; up to 3.9, timer IDs are one namespace for all. */
  private kernelOf({ container = '' }: Pick<CheckpointProcess, 'container'>): Kernel {
    const key = this.isSystemWide ? '' : container;
    let kernel = this.kernels.get(key);
    if (kernel === undefined) {
      const { rtc = true, capWakeAlarm = true } = this.target; // a process that had timers on alarm clocks had a clock chip for them
      kernel = new Kernel({ release: this.release, sigpending: Number.POSITIVE_INFINITY, rtc, capWakeAlarm });
      this.kernels.set(key, kernel);
    }
    return kernel;
  }

  /**
   * Lets those appear whom timers name and the checkpoint does not tell of: a listing does not tell who there was, and where the target's PID namespace is
   * shared, a process of that number may live there, unless it is known who does.
   */
  private spawnNamed(): void {
    const { complete = true, threadsKnown = complete, processes } = this.checkpoint;
    const known = new Set(processes.map(({ pid }) => pid));
    for (const [index, process] of processes.entries()) {
      const here = this.processes[index]!;
      const there = new Set([here.pid, ...process.threads]);
      const strangers = !complete || process.pidNamespace === 'shared';
      const appear = (id: number, make: (id: number) => unknown): void => {
        if (id === 0 || there.has(id)) return;
        there.add(id);
        make(id);
      };
      for (const { clock, notify, notifyThreadId = 0 } of process.timers) {
        if (notify === 'thread-id' && !threadsKnown) appear(notifyThreadId, (tid) => here.thread(tid));
        const { perThread, target } = cpuClockOf(clock) ?? OWN;
        if (target === OWN.target) continue;
        if (perThread) {
          if (!threadsKnown) appear(target, (tid) => here.thread(tid));
        } else if (strangers && !known.has(target) && !(complete && this.living?.has(target) === false)) {
          appear(target, (pid) => this.kernelOf(process).spawn({ pid }));
          known.add(target);
        }
      }
    }
  }
}
