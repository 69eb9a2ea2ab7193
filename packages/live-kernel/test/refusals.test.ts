// What the planner says a kernel refuses, against the running one: every clock, kind of notification and signal that an image may hold.
import { errnoName } from '@idspace/posix-timers';
import {
  type CheckpointProcess,
  type CheckpointTimer,
  clockName,
  type Notify,
  type ProcessPlan,
  planRestore,
} from '@idspace/restore-planner';
import { expect, test } from 'vitest';
import { openLiveProcess } from '../src/open-live-process.ts';
import { WHY_SKIPPED } from './support.ts';

const { pid } = process;
const NOTIFY: Readonly<Record<number, Notify>> = { 0: 'signal', 1: 'none', 2: 'thread', 4: 'thread-id' };
const zero = { sec: 0n, nsec: 0n };
const cpuClock = (who: number, kind: number): number => (~who << 3) | kind;
const NO_PROCESS = 4_194_305;

// biome-ignore format: what belongs together stands in a row
const CLOCKS = [
  ...Array.from({ length: 26 }, (_, clock) => clock),
  99, 2 ** 31 - 1, -(2 ** 31),
  ...[0, pid, NO_PROCESS].flatMap((who) => Array.from({ length: 8 }, (_, kind) => cpuClock(who, kind))),
];
const KINDS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 2 ** 31 - 1, -1];
const SIGNALS = [-(2 ** 31), -1, 0, 1, 33, 34, 64, 65, 1000];

function timerOf(clock: number, kind: number, signo: number, notifyThreadId: number): CheckpointTimer {
  const notify = NOTIFY[kind] ?? 'unknown';
  const times = { interval: zero, value: zero, overrun: 0 };
  const whom = { ...(notify === 'unknown' && { notifyKind: kind }), ...(kind === 4 && { notifyThreadId }) };
  return { id: 0, clock, clockName: clockName(clock), notify, signo, sival: 0n, ...times, ...whom };
}

/** What timer_create gives by the plan: whether it succeeds, and the name of the error. */
function plannedAnswer(timer: CheckpointTimer): Pick<ProcessPlan, 'outcome' | 'errno'> {
  const who: CheckpointProcess = { pid, ppid: 0, threads: [pid], timers: [timer], rlimitSigpending: null };
  const plan = planRestore({ source: 'made', format: 'criu-v1.1', processes: [who] }, { kernel: '6.18', criu: '4.2' });
  return plan.processes[0]!;
}

test.skipIf(WHY_SKIPPED !== null)(
  'the kernel refuses what is said to be refused, with the error that is said',
  async () => {
    const live = await openLiveProcess();
    const counts = new Map<string, number>();
    for (const clock of CLOCKS) {
      for (const kind of KINDS) {
        for (const signo of SIGNALS) {
          for (const tid of kind === 4 ? [pid, NO_PROCESS, 0, -5] : [pid]) {
            const { outcome, errno } = plannedAnswer(timerOf(clock, kind, signo, tid));
            const got = live.timerCreate(clock, { notify: kind, signo, value: 0, tid });
            if (got >= 0) live.timerDelete(got);
            const answer = got >= 0 ? 'ok' : errnoName(-got);
            const where = `clock ${clock}, kind ${kind}, signal ${signo}, thread ${tid}: ${outcome} ${errno}`;
            // An alarm clock depends on the machine.
            if (outcome === 'depends') expect(['ok', 'EOPNOTSUPP', 'EPERM'], where).toContain(answer);
            else expect(answer, where).toBe(errno ?? outcome);
            counts.set(`${outcome} ${errno}`, (counts.get(`${outcome} ${errno}`) ?? 0) + 1);
          }
        }
      }
    }
    expect([...counts.keys()].sort()).toEqual(['depends EOPNOTSUPP', 'fails EINVAL', 'fails EOPNOTSUPP', 'ok null']);
  },
);
