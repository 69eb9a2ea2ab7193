// The course of process and thread numbers: forks, threads, sessions, groups, ends, in a PID namespace of its own.
import { PID_MAX_LIMIT, PidNamespace, RESERVED_PIDS } from '@idspace/kernel-ids';
import type { Random } from '@idspace/testkit';
import type { Course, ModelSpace, Step } from './course.ts';

export const PIDS: Course = {
  space: 'pids',
  title: 'PIDs, TIDs, groups and sessions',
  // Low limits are where numbers run out and come again.
  drawLimit: (random) => (random.chance(0.3) ? -1 : RESERVED_PIDS + random.between(1, 30)),
  model: (limit) => new ModelPids(limit),
};

/** Calls and how often each is drawn. */
const CALLS = weighted({
  fork: 8,
  thread: 3,
  setsid: 2,
  setpgid: 3,
  exit: 3,
  exitthread: 2,
  reap: 3,
  last: 2,
  lastpid: 1,
});
const MOST_ALIVE = 40;

/** A namespace, and who lives in it. */
class ModelPids implements ModelSpace {
  private readonly namespace: PidNamespace;
  private readonly processes: number[] = [1];
  private readonly threads: { tid: number; pid: number }[] = [];
  private readonly zombies: number[] = [];

  constructor(limit: number) {
    this.namespace = new PidNamespace(limit < 0 ? {} : { pidMax: limit });
  }

  draw(random: Random): Step {
    for (;;) {
      const op = random.pick(CALLS);
      const who = random.pick(this.processes);
      const alive = this.processes.length + this.threads.length + this.zombies.length;
      if (op === 'fork' || op === 'thread') {
        if (alive < MOST_ALIVE) return random.chance(0.4) ? [op, who, this.number(random)] : [op, who];
      } else if (op === 'setsid') return [op, who];
      else if (op === 'setpgid') return [op, who, Math.max(1, random.chance(0.4) ? who : this.number(random))];
      else if (op === 'exit' && who !== 1) return [op, who];
      else if (op === 'exitthread' && this.threads.length > 0) return [op, random.pick(this.threads).tid];
      else if (op === 'reap' && this.zombies.length > 0) return [op, random.pick(this.zombies)];
      else if (op === 'last') return [op, this.number(random)];
      else if (op === 'lastpid') return [op];
    }
  }

  play([op, who = 0, number]: Step): number | null {
    const { namespace } = this;
    if (op === 'lastpid') return namespace.lastPid;
    if (op === 'last') return namespace.setLastPid(who);
    if (op === 'reap') return this.reap(who);
    if (op === 'exitthread') return this.exitThread(who);
    if (!this.processes.includes(who)) return null;
    if (op === 'fork') return this.started(namespace.fork(who, number), (pid) => this.processes.push(pid));
    if (op === 'thread')
      return this.started(namespace.thread(who, number), (tid) => this.threads.push({ tid, pid: who }));
    if (op === 'setsid') return namespace.setsid(who);
    return op === 'setpgid' ? namespace.setpgid(who, number!) : this.exit(who);
  }

  private started(result: number, note: (number: number) => void): number {
    if (result > 0) note(result);
    return result;
  }

  private reap(pid: number): number | null {
    if (!this.zombies.includes(pid)) return null;
    remove(this.zombies, this.zombies.indexOf(pid));
    return this.namespace.reap(pid);
  }

  private exitThread(tid: number): number | null {
    const at = this.threads.findIndex((thread) => thread.tid === tid);
    if (at < 0) return null;
    remove(this.threads, at);
    this.namespace.exitThread(tid);
    return 0;
  }

  private exit(pid: number): number {
    this.namespace.exit(pid);
    remove(this.processes, this.processes.indexOf(pid));
    for (let at = this.threads.length - 1; at >= 0; at--) if (this.threads[at]!.pid === pid) remove(this.threads, at);
    this.zombies.push(pid);
    return 0;
  }

  /** A number to ask for: one that is or was in use, one beside it, or one at an end. */
  private number(random: Random): number {
    const { pidMax, lastPid } = this.namespace;
    if (random.chance(0.3))
      return random.pick([-1, 0, 1, 2, RESERVED_PIDS - 1, RESERVED_PIDS, pidMax - 1, pidMax, pidMax + 1]);
    if (random.chance(0.2)) return random.between(1, Math.min(pidMax, PID_MAX_LIMIT) - 1);
    const used = [...this.processes, ...this.zombies, ...this.threads.map(({ tid }) => tid), lastPid];
    return random.pick(used) + random.between(-1, 1);
  }
}

function remove(list: unknown[], at: number): void {
  list.splice(at, 1);
}

function weighted(weights: Readonly<Record<string, number>>): string[] {
  return Object.entries(weights).flatMap(([op, weight]) => Array<string>(weight).fill(op));
}
