// LiveNumbers: processes and threads in the PID namespace of agents, on the running kernel.
import type { Agents } from './agents.ts';
import { writeFile } from './write-file.ts';
import { CALL } from './x64-calls.ts';

const EPERM = 1;

/** Processes that fork, start threads, lead sessions and groups when they are told. Calls return a result, or −errno. */
export class LiveNumbers {
  /** The first process of the namespace. */
  readonly first: number = 1;
  private readonly agents: Agents;
  private readonly isOwnLimit: boolean;

  /** @param isOwnLimit Each namespace has a pid_max of its own here. */
  constructor(agents: Agents, isOwnLimit: boolean) {
    this.agents = agents;
    this.isOwnLimit = isOwnLimit;
  }

  /** Forks a process. @param ask The number it shall have, as clone3 takes it. Returns its number. */
  fork(parent: number, ask?: number): number {
    return this.agents.start(parent, 'process', ask);
  }

  /** Starts a thread. Arguments and results are those of `fork`. */
  thread(process: number, ask?: number): number {
    return this.agents.start(process, 'thread', ask);
  }

  /** Writes kernel.ns_last_pid. Returns 0. */
  setLastPid(pid: number): number {
    return writeFile(this.agents, '/proc/sys/kernel/ns_last_pid', String(pid));
  }

  /** Writes kernel.pid_max. Returns 0; until Linux 6.13 it is the machine's, and is not touched: −EPERM. */
  raisePidMax(limit: number): number {
    return this.isOwnLimit ? writeFile(this.agents, '/proc/sys/kernel/pid_max', String(limit)) : -EPERM;
  }

  /** Makes a process the leader of a session. Returns its number. */
  setsid(process: number): number {
    return this.agents.call(process, CALL.setsid);
  }

  /** Moves a process to a group. Returns 0. */
  setpgid(process: number, group: number): number {
    return this.agents.call(process, CALL.setpgid, 0, group);
  }

  sidOf(process: number): number {
    return this.agents.call(process, CALL.getsid, 0);
  }

  pgidOf(process: number): number {
    return this.agents.call(process, CALL.getpgid, 0);
  }

  /** Ends a process, and lets its parent wait for it. Returns 0. */
  end(parent: number, process: number): number {
    this.agents.end(process);
    const waited = this.agents.call(parent, CALL.wait4, process, 0, 0, 0);
    return waited === process ? 0 : Math.min(waited, -1);
  }
}
