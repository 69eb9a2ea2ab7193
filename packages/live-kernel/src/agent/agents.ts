// Agents: processes and threads in namespaces of their own, which make the system calls that they are told.
import { writeFileSync } from 'node:fs';
import { getSystemErrorName } from 'node:util';
import { type Libc, loadLibc } from '../libc.ts';
import { LiveKernelError } from '../live-kernel-error.ts';
import { agentCode, BOX, TURN } from './agent-code.ts';
import { AgentMemory, PLACE } from './agent-memory.ts';
import { CALL, CLONE, SIGCHLD, SIGKILL } from './x64-calls.ts';

/** Agents that there may be in one set of namespaces. */
export const MOST_AGENTS = 10_100;

const CLONE_ARGS_BYTES = 88; // struct clone_args up to cgroup
const NAMESPACES = CLONE.newNs + CLONE.newIpc + CLONE.newPid + CLONE.clearSighand;
const AS_THREAD = CLONE.vm + CLONE.fs + CLONE.files + CLONE.sighand + CLONE.thread + CLONE.sysvsem;
const FUTEX_WAIT = 0;
const FUTEX_WAKE = 1;
const WALL = 0x40000000; // wait4 for a child whatever signal its end sends
const WNOHANG = 1;
const MS_REC_PRIVATE = 0x4000 + 0x40000;
const PR_SET_PDEATHSIG = 1;
const ARCH_GET_FS = 0x1003;
const RSEQ_UNREGISTER = 1;
const RSEQ_SIGNATURE = 0x53053053;
const RSEQ_BYTES = [32, 64]; // as C libraries register it
const TASK_SIZE = 0x7ffffffff000;
const EAGAIN = 11;

/**
 * A first process in PID, IPC and mount namespaces of its own, and its descendants.
 *
 * This process tells each which call to make, and waits for the result. All that they make (IPC objects, mounts, rings, terminals, processes) ends with the first
 * one, which also ends with this process. x86-64 only.
 *
 * Cost: some 10 µs a call.
 */
export class Agents {
  readonly memory: AgentMemory;
  private readonly libc: Libc;
  private readonly pid: number;
  private readonly boxes: Map<number, number> = new Map();
  private hasEnded = false;

  private constructor(libc: Libc, memory: AgentMemory, pid: number, box: number) {
    this.libc = libc;
    this.memory = memory;
    this.pid = pid;
    this.boxes.set(FIRST, box);
  }

  /**
   * Starts the first process, with number 1.
   *
   * @throws LiveKernelError (unavailable) where there is no koffi, on another architecture, or where such namespaces are not allowed.
   */
  static async start(): Promise<Agents> {
    const code = process.platform === 'linux' ? agentCode(process.arch) : undefined;
    if (code === undefined) {
      throw new LiveKernelError(
        'unavailable',
        `this machine is ${process.platform} on ${process.arch}, and processes that make calls are there for Linux on x64 only`,
      );
    }
    const libc = await loadLibc();
    const memory = new AgentMemory(libc, code, MOST_AGENTS);
    const box = memory.takeBox();
    const { pid, isOwnUser } = startFirst(libc, memory, box);
    const agents = new Agents(libc, memory, pid, box);
    try {
      if (isOwnUser) agents.mapUser();
      agents.settle();
    } catch (cause) {
      agents.close();
      throw cause;
    }
    return agents;
  }

  /** Lets a process or thread make a call. Returns its result, or −errno. */
  call(who: number, number: number, ...args: readonly number[]): number {
    return this.request(this.boxOf(who), number, args, 0);
  }

  /** The same by the first process. */
  first(number: number, ...args: readonly number[]): number {
    return this.call(FIRST, number, ...args);
  }

  /**
   * Starts a process or thread.
   *
   * @param by The process that does. @param ask The number it shall have.
   * @returns Its number, or −errno; −EAGAIN, too, if there are as many as can be.
   */
  start(by: number, as: 'process' | 'thread', ask?: number): number {
    const { memory } = this;
    const box = memory.takeBox();
    if (box < 0) return -EAGAIN;
    memory.words[PLACE.setTid / 4] = ask ?? 0;
    const flags = as === 'thread' ? AS_THREAD : 0;
    const args = cloneArgs(memory, flags, as === 'thread' ? 0 : SIGCHLD, ask !== undefined);
    const number = this.request(this.boxOf(by), CALL.clone3, [args, CLONE_ARGS_BYTES], memory.room + box);
    if (number > 0) this.boxes.set(number, box);
    else memory.returnBox();
    return number;
  }

  /** Ends a process with its threads, without waiting for it. */
  end(pid: number): void {
    this.post(this.boxOf(pid), CALL.exitGroup, [0], 0);
    this.boxes.delete(pid);
  }

  /** Ends the first process, and with it all others and all that they made. */
  close(): void {
    if (!this.hasEnded) {
      process.kill(this.pid, 'SIGKILL'); // a zombie, too, has its number until it is waited for
      this.libc.syscall(CALL.wait4, this.pid, 0, WALL, 0, 0);
    }
    this.memory.free();
  }

  private boxOf(who: number): number {
    const box = this.boxes.get(who);
    if (box === undefined)
      throw new LiveKernelError('job-failed', `there is no process or thread ${who} that makes calls`);
    return box;
  }

  private mapUser(): void {
    writeFileSync(`/proc/${this.pid}/setgroups`, 'deny');
    writeFileSync(`/proc/${this.pid}/uid_map`, `0 ${process.getuid!()} 1`);
    writeFileSync(`/proc/${this.pid}/gid_map`, `0 ${process.getgid!()} 1`);
  }

  /** Lets the first process leave what it has of this one: its session, its files, its memory. */
  private settle(): void {
    this.first(CALL.setsid);
    this.first(CALL.prctl, PR_SET_PDEATHSIG, SIGKILL);
    this.first(CALL.closeRange, 0, 0xffffffff, 0);
    const { base, length } = this.memory;
    // Else a mount here would show up outside, too.
    const isPrivate = this.first(CALL.mount, 0, this.memory.text('path', '/'), 0, MS_REC_PRIVATE, 0);
    if (isPrivate < 0) {
      const name = getSystemErrorName(isPrivate);
      throw new LiveKernelError('unavailable', `mounts of its own are not allowed here: mount, ${name}`);
    }
    if (!this.leaveRseq()) return; // each further process then has a copy of this one's memory, which only takes longer
    this.first(CALL.munmap, 0, base);
    this.first(CALL.munmap, base + length, TASK_SIZE - base - length);
  }

  /** Takes back what the C library has registered, in memory to be unmapped; else the kernel would write there. */
  private leaveRseq(): boolean {
    const offset = this.libc.rseqOffset();
    if (offset === null) return true;
    const thread = this.memory.room + PLACE.number;
    if (this.first(CALL.archPrctl, ARCH_GET_FS, thread) !== 0) return false;
    const address = Number(this.memory.longs[PLACE.number / 8]) + offset;
    return RSEQ_BYTES.some((bytes) => this.first(CALL.rseq, address, bytes, RSEQ_UNREGISTER, RSEQ_SIGNATURE) === 0);
  }

  private request(box: number, number: number, args: readonly number[], child: number): number {
    this.post(box, number, args, child);
    const { words, longs } = this.memory;
    const turn = box / 4;
    while (Atomics.load(words, turn) !== TURN.answer) this.await(box);
    Atomics.store(words, turn, TURN.idle);
    return Number(longs[(box + BOX.result) / 8]);
  }

  private post(box: number, number: number, args: readonly number[], child: number): void {
    const { memory, libc } = this;
    const { longs } = memory;
    longs[(box + BOX.number) / 8] = BigInt(number);
    for (let index = 0; index < 6; index++) longs[(box + BOX.args) / 8 + index] = BigInt(args[index] ?? 0);
    longs[(box + BOX.child) / 8] = BigInt(child);
    Atomics.store(memory.words, box / 4, TURN.request);
    libc.syscall(CALL.futex, memory.room + box, FUTEX_WAKE, 1, 0, 0);
  }

  /** Waits a second at most for an answer. */
  private await(box: number): void {
    const { memory, libc, pid } = this;
    const second = memory.numbers('patience', [1, 0]);
    libc.syscall(CALL.futex, memory.room + box, FUTEX_WAIT, TURN.request, second, 0);
    if (Atomics.load(memory.words, box / 4) === TURN.answer) return;
    if (libc.syscall(CALL.wait4, pid, 0, WALL + WNOHANG, 0, 0) === 0) return;
    this.hasEnded = true;
    throw new LiveKernelError('child-died', 'the process that makes calls in namespaces of its own has ended');
  }
}

const FIRST = 1;

/** Starts the first process, in a user namespace of its own if that is needed. */
function startFirst(libc: Libc, memory: AgentMemory, box: number): { pid: number; isOwnUser: boolean } {
  for (const isOwnUser of [false, true]) {
    const args = cloneArgs(memory, NAMESPACES + (isOwnUser ? CLONE.newUser : 0), 0, false);
    const pid = libc.callAt(memory.base, args, CLONE_ARGS_BYTES, memory.room + box);
    if (pid > 0) return { pid, isOwnUser };
    if (!isOwnUser) continue;
    const name = getSystemErrorName(pid);
    memory.free();
    throw new LiveKernelError(
      'unavailable',
      `PID, IPC and mount namespaces of its own are not allowed here: clone3, ${name}`,
    );
  }
  throw new Error('unreachable');
}

/** Fills in a struct clone_args. Returns its address. */
function cloneArgs(memory: AgentMemory, flags: number, exitSignal: number, asks: boolean): number {
  const tid = asks ? memory.room + PLACE.setTid : 0;
  return memory.numbers('cloneArgs', [flags, 0, 0, 0, exitSignal, 0, 0, 0, tid, asks ? 1 : 0, 0]);
}
