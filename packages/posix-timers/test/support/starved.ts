// What processes call while the engine has no memory; compared with the same kernel, the same calls and all the memory there is.
import type { Operation, Random } from '@idspace/testkit';
import { type StarvedScene, scene } from '@idspace/testkit/starve-tests';
import { expect } from 'vitest';
import {
  createTimerTable,
  DESIGNS,
  Kernel,
  PR_TIMER_CREATE_RESTORE_IDS,
  type Process,
  type TimerTable,
} from '../../src/index.ts';
import { NONE, RELEASES, SIGNAL, seconds } from '../start.ts';

/** A kernel and its processes, dead ones included. */
interface Machine {
  kernel: Kernel;
  processes: Process[];
}

type Call = (machine: Machine, process: Process, ...numbers: number[]) => unknown;

/** The same call on both sides: on a living process, by its number among them. */
function both(call: Call, draw: (r: Random) => number[] = () => []): Operation<Machine, Machine> {
  const run = (machine: Machine, nth: number, ...numbers: number[]): unknown => {
    const living = machine.processes.filter(({ alive }) => alive);
    return call(machine, living[nth % living.length], ...numbers);
  };
  return { args: (r) => [r.below(50), ...draw(r)], subject: run as never, oracle: run as never };
}

/** All that callers can see. */
function visible({ kernel, processes }: Machine): unknown {
  const shown = processes.map((process) => {
    return process.alive ? [process.pid, process.nextId, process.procTimers(), process.prctl(77, 2)] : 'exited';
  });
  return [shown, [0, 1, 2].map((uid) => kernel.pendingSignals(uid)), kernel.table.timers.size];
}

const few = (r: Random): number[] => [r.below(40)];

const OPERATIONS: Record<string, Operation<Machine, Machine>> = {
  'Kernel spawn': both(
    ({ kernel, processes }, _, uid) => processes[processes.push(kernel.spawn({ uid })) - 1].pid,
    (r) => [r.below(3)],
  ),
  fork: both(({ processes }, process) => processes[processes.push(process.fork()) - 1].pid),
  thread: both((_, process) => {
    const thread = process.thread();
    thread.exit();
    return thread.tid;
  }),
  exit: {
    ...both(({ processes }, process) => (processes.length > 20 && process.pid % 2 === 0 ? process.exit() : undefined)),
    weight: 1,
  },
  exec: both((_, process) => (process.nextId > 60 ? process.exec() : undefined)),
  timerCreate: { ...both((_, process) => process.timerCreate(1, SIGNAL)), weight: 40 },
  'timerCreate restored': {
    ...both(
      (_, process, id) => {
        process.prctl(PR_TIMER_CREATE_RESTORE_IDS, 1);
        try {
          return process.timerCreate(1, NONE, id);
        } finally {
          process.prctl(PR_TIMER_CREATE_RESTORE_IDS, 0);
        }
      },
      (r) => [r.below(2 ** r.below(31))],
    ),
    weight: 6,
  },
  timerCreateAt: both((_, process, id) => process.timerCreateAt(1, NONE, id), few),
  setNextId: both((_, process, id) => process.setNextId(id), few),
  timerDelete: { ...both((_, process, id) => process.timerDelete(id), few), weight: 4 },
  timerSettime: both((_, process, id) => process.timerSettime(id, 0, seconds(5)), few),
  timerGettime: both((_, process, id) => process.timerGettime(id), few),
  timerGetoverrun: both((_, process, id) => process.timerGetoverrun(id), few),
  prctl: both((_, process) => process.prctl(PR_TIMER_CREATE_RESTORE_IDS, 2)),
  setuid: both((_, process, uid) => process.setuid(uid % 3), few),
  setrlimit: both((_, process, limit) => process.setrlimit(1000 + limit), few),
  holdSigchld: both((_, process) => process.holdSigchld()),
  // Pairs that were made before memory ran out stay made: a pair at a time.
  createDeletePairs: { ...both((_, process) => process.createDeletePairs(1, NONE, 1)), weight: 4 },
};

const table = (design: (typeof DESIGNS)[number]): TimerTable => createTimerTable(design, { capacity: 2 });

export const SCENES: Record<string, StarvedScene> = {
  'Kernel, Process and Thread': scene<Machine, Machine>({
    runs: 120,
    steps: 150,
    make: (rng) => {
      const options = { release: rng.pick(RELEASES), seed: rng.below(9) };
      const machine = (): Machine => {
        const kernel = new Kernel(options);
        return { kernel, processes: [kernel.spawn()] };
      };
      return {
        subject: machine(),
        oracle: machine(),
        operations: OPERATIONS,
        check: (subject, oracle) => expect(visible(subject)).toEqual(visible(oracle)),
      };
    },
  }),

  'TimerTable of every design': scene<TimerTable, TimerTable>({
    runs: 80,
    steps: 100,
    make: (rng) => {
      const design = rng.pick(DESIGNS);
      const held: [process: number, timer: number, id: number][] = [];
      const processes = [0];
      return {
        subject: table(design),
        oracle: table(design),
        operations: {
          addProcess: {
            args: (r) => [r.u32()],
            subject: (t, address: never) => t.addProcess(address, 1),
            oracle: (t, address: never) => processes[processes.push(t.addProcess(address, 1)) - 1],
          },
          'allocate and add': {
            weight: 10,
            args: (r) => [processes[r.below(processes.length)]],
            subject: (t, process: never) => {
              if (process === 0) return 0;
              const timer = t.timers.allocate();
              try {
                return t.add(process, timer);
              } catch (error) {
                t.timers.free(timer);
                throw error;
              }
            },
            oracle: (t, process: never) => {
              if (process === 0) return 0;
              const timer = t.timers.allocate();
              const id = t.add(process, timer);
              held.push([process, timer, id]);
              return id;
            },
          },
          publish: {
            weight: 8,
            args: () => {
              const last = held.pop();
              return last === undefined ? [0, 0] : last;
            },
            subject: (t, process: number, timer: number, id: number) => {
              if (process === 0) return 0;
              t.publish(process, timer);
              return t.find(process, id);
            },
            oracle: (t, process: number, timer: number, id: number) => {
              if (process === 0) return 0;
              t.publish(process, timer);
              return t.find(process, id);
            },
          },
        },
        check: (subject, oracle) => {
          const listed = (t: TimerTable): unknown =>
            processes.slice(1).map((process) => {
              const timers: number[] = [];
              t.forEachTimer(process, (timer) => void timers.push(timer));
              return [t.nextId(process), timers];
            });
          expect([subject.timers.size, listed(subject)]).toEqual([oracle.timers.size, listed(oracle)]);
        },
      };
    },
  }),
};
