// From counts to time: one operation of one thread on a machine.
import type { LockUse } from '../evaluate/evaluation.ts';
import { LOCK_SCOPES, type LockName, type Operation } from '../layouts/reference-sink.ts';
import type { Hardware } from './hardware.ts';
import { type Station, waitingTime } from './queueing.ts';
import type { Work } from './timeline.ts';

/** Who is on the machine. */
export interface Load {
  processes: number;
  /** Of each process. */
  threads: number;
  cpus: number;
  /** Of the hash table; 0 where there is none. */
  buckets: number;
}

/** What an operation was counted to do. */
export interface OperationWork extends Work {
  operation: Operation;
}

/** What one operation takes, by the model. */
export interface OperationTime {
  /** On a CPU: the work, and the wait for locks, which spins. */
  nsPerOp: number;
  /** How long a thread stands still meanwhile because others have its CPU: 0 unless there are more threads than CPUs. */
  cpuWaitNs: number;
  locks: LockUse[];
  /** Absent in lookups. */
  pendingSignals?: LockUse;
}

/**
 * Models the time of an operation: the call, its references, its locks, and the wait for those that others want.
 *
 * As many threads run as there are CPUs; more of them take turns, and by the clock an operation then takes as many times longer
 * as there are threads to a CPU. A contended lock is handed over: the next thread sees it
 * free only when its line has come, and takes it with another. The count of pending signals, which every create and delete
 * of a user changes atomically, comes over from the core that changed it last.
 */
export function operationTime(work: OperationWork, load: Load, { parameters }: Hardware): OperationTime {
  const { atomicNs, transferNs, handoverNs } = parameters;
  const total = load.processes * load.threads;
  const running = Math.min(total, load.cpus);
  const shared = work.locks.filter(({ name }) => lockShare(name, load) > 0);
  const stations = shared.map(({ name, acquired, holdNs }): Station => {
    const share = lockShare(name, load);
    return { visits: acquired, holdNs: holdNs + handoverNs.value * elsewhere(share, running), share };
  });
  const charge: Station = { visits: 1, holdNs: atomicNs.value + transferNs.value * elsewhere(1, running), share: 1 };
  if (work.operation !== 'lookup') stations.push(charge);
  const held = shared.reduce((sum, { acquired, holdNs }) => sum + acquired * holdNs, 0);
  const body = { create: parameters.createNs, lookup: parameters.lookupNs, delete: parameters.deleteNs }[
    work.operation
  ];
  const thinkNs = parameters.syscallNs.value + body.value + work.memoryNs - held;
  const { operationNs, waitNs } = waitingTime(thinkNs, stations, running);
  const waitFor = new Map(shared.map(({ name }, i) => [name, waitNs[i]]));
  const time: OperationTime = {
    nsPerOp: operationNs,
    cpuWaitNs: operationNs * (total / running - 1),
    locks: work.locks.map((lock) => ({ ...lock, waitNs: waitFor.get(lock.name) ?? 0 })),
  };
  if (work.operation !== 'lookup') {
    const { holdNs } = charge;
    time.pendingSignals = { name: 'pending signals', acquired: 1, holdNs, waitNs: waitNs[stations.indexOf(charge)] };
  }
  return time;
}

/** What an event of a workload asks of the model: those that are one operation, and those that go through a process's timers. */
export type EventKind = 'create' | 'restore' | 'lookup' | 'delete' | 'exit' | 'list';

/** Models the time of an event, as {@link operationTime}. @param timers Timers it goes through: 1, except for exit and list. */
export function eventTime(kind: EventKind, timers: number, work: Work, load: Load, machine: Hardware): OperationTime {
  const operation = {
    create: 'create',
    restore: 'create',
    delete: 'delete',
    exit: 'delete',
    lookup: 'lookup',
    list: 'lookup',
  }[kind] as Operation;
  const time = operationTime({ operation, ...work }, load, machine);
  if (kind !== 'exit' && kind !== 'list') return time;
  // One call, or none; what a delete or a lookup does beside the table comes once for each timer.
  const { deleteNs, lookupNs } = machine.parameters;
  const body = kind === 'exit' ? deleteNs.value : lookupNs.value;
  const nsPerOp = time.nsPerOp + (timers - 1) * body;
  return { ...time, nsPerOp, cpuWaitNs: (time.cpuWaitNs * nsPerOp) / time.nsPerOp };
}

/** The part of the other threads that can be at the same lock. */
function lockShare(name: LockName, { processes, threads, buckets }: Load): number {
  switch (LOCK_SCOPES[name]) {
    case 'system':
      return 1;
    case 'bucket':
      return 1 / buckets;
    case 'process':
      return threads === 1 ? 0 : (threads - 1) / (processes * threads - 1);
    case 'timer':
      return 0; // each thread works on its own timers
  }
}

/** The chance that another thread took the lock since this one did. */
function elsewhere(share: number, running: number): number {
  return Math.min(1, share * (running - 1));
}
