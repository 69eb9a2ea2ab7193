// Why a kernel refuses a timer, whatever its ID: its clock, its signal, the process or thread to signal.
// Source: kernel/time/posix-timers.c (do_timer_create, good_sigevent), posix-cpu-timers.c (pid_for_clock), alarmtimer.c (alarm_timer_create), 6.18.
import { cpuClockOf } from '../../../cpu-clock.ts';
import { ERRNO } from '../../../errno.ts';
import type { CheckpointTimer, PlanOptions } from '../../../types.ts';
import type { KernelPolicy } from '../kernel-policy.ts';
import type { Refusal } from '../restore-run.ts';
import type { WarningCode } from './plan-warning.ts';

const SIGRTMAX = 64;
const KIND = 7; // the low bits of a negative clock
const DESCRIPTOR = 3; // kind of a clock device
const { EPERM, EINVAL, EOPNOTSUPP } = ERRNO as Record<'EPERM' | 'EINVAL' | 'EOPNOTSUPP', number>;

/** A reason for timer_create to refuse a timer. */
export interface Fault extends Refusal {
  code: WarningCode;
  /** Whether it is one on the target; `maybe` if that is not known. */
  applies: 'yes' | 'maybe' | 'no';
}

/** What a kernel and a machine have to offer. */
export interface Target extends Pick<PlanOptions, 'rtc' | 'capWakeAlarm'> {
  policy: KernelPolicy;
  /** The processes that live there, zombies included; undefined if that is not known. */
  living?: ReadonlySet<number>;
}

/** Whom the kernel knows when timers are created: all processes and threads of the checkpoint are there by then. */
export interface Living {
  /** Whether the checkpoint tells which processes there are; otherwise none is taken for dead. */
  processesKnown: boolean;
  /** The same of the process's threads. */
  threadsKnown: boolean;
  hasProcess: (pid: number) => boolean;
  /** Of the process whose timers these are. */
  threads: ReadonlySet<number>;
  /** No process outside the checkpoint can be seen. */
  isAlone: boolean;
}

/** Lists what is wrong with a timer, in the order in which the kernel looks. */
export function faultsOf(timer: CheckpointTimer, living: Living, target: Target): Fault[] {
  const clock = clockFault(timer.clock, living, target);
  const sigevent = sigeventFaults(timer, living);
  if (clock === null) return sigevent;
  return clock.isEarly ? [clock, ...sigevent] : [...sigevent, clock];
}

function clockFault(clock: number, living: Living, target: Target): Fault | null {
  if (clock < 0) return (clock & KIND) === DESCRIPTOR ? early(EOPNOTSUPP) : cpuClockFault(clock, living, target);
  if (clock > target.policy.lastClock) return early(EINVAL);
  switch (clock) {
    case 0: // REALTIME
    case 1: // MONOTONIC
    case 2: // the CPU time of the process
    case 3: // the CPU time of the thread
    case 7: // BOOTTIME
    case 11: // TAI
      return null;
    case 4: // MONOTONIC_RAW
    case 5: // REALTIME_COARSE
    case 6: // MONOTONIC_COARSE
      return early(EOPNOTSUPP);
    case 8: // REALTIME_ALARM
    case 9: // BOOTTIME_ALARM
      return alarmFault(target);
    default: // 10 was SGI_CYCLE
      return early(EINVAL);
  }
}

function early(errno: number): Fault {
  return { code: 'timerless-clock', errno, isEarly: true, applies: 'yes' };
}

function late(code: WarningCode, errno: number = EINVAL, applies: Fault['applies'] = 'yes'): Fault {
  return { code, errno, isEarly: false, applies };
}

/** Only threads of the same process can use a thread's clock; any process can use a process's. */
function cpuClockFault(clock: number, living: Living, target: Target): Fault | null {
  const cpu = cpuClockOf(clock);
  if (cpu === null) return late('timerless-clock');
  const { target: id, perThread } = cpu;
  if (id === 0) return null;
  const isThere = perThread
    ? !living.threadsKnown || living.threads.has(id)
    : !living.processesKnown || living.hasProcess(id);
  if (isThere) return null;
  if (perThread || living.isAlone) return late('dead-cpu-clock');
  const applies = target.living === undefined ? 'maybe' : target.living.has(id) ? 'no' : 'yes';
  return late('dead-cpu-clock', EINVAL, applies);
}

/** The clock chip is looked for first: without the capability the error may be that of a missing chip, too. */
function alarmFault({ rtc, capWakeAlarm }: Target): Fault | null {
  if (rtc === false) return late('alarm-clock', EOPNOTSUPP);
  if (capWakeAlarm === false) return late('alarm-clock', EPERM);
  return rtc && capWakeAlarm ? null : late('alarm-clock', rtc ? EPERM : EOPNOTSUPP, 'maybe');
}

function sigeventFaults(timer: CheckpointTimer, { threadsKnown, threads }: Living): Fault[] {
  const { notify, notifyThreadId = 0, signo } = timer;
  if (notify === 'unknown') return [late('bad-notify')];
  return [
    ...(notify === 'thread-id' && threadsKnown && !threads.has(notifyThreadId) ? [late('dead-notify-thread')] : []),
    ...(notify !== 'none' && (signo < 1 || signo > SIGRTMAX) ? [late('bad-signal')] : []),
  ];
}
