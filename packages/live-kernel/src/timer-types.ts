// The arguments of timer calls, and their numbers. Source: include/uapi/linux/prctl.h, asm-generic/siginfo.h, 6.18.

/** The clock of the timers that are made. */
export const CLOCK_MONOTONIC = 1;
/** A kind of notification: none. */
export const SIGEV_NONE = 1;
/** prctl: whether timer_create takes the ID from its buffer; since Linux 6.15. */
export const PR_TIMER_CREATE_RESTORE_IDS = 77;
/** Its second argument that asks for the state. */
export const PR_TIMER_CREATE_RESTORE_IDS_GET = 2;

/** A struct sigevent. */
export interface Sigevent {
  /** SIGEV_SIGNAL 0, SIGEV_NONE 1, SIGEV_THREAD 2, SIGEV_THREAD_ID 4. */
  readonly notify: number;
  /** Default 0. */
  readonly signo?: number;
  /** 64 bits: a safe integer or a bigint. Default 0. */
  readonly value?: number | bigint;
  /** The thread for SIGEV_THREAD_ID. Default 0. */
  readonly tid?: number;
}

/** The fields of a sigevent. */
export const SIGEVENT_FIELDS: readonly string[] = ['notify', 'signo', 'value', 'tid'] satisfies (keyof Sigevent)[];

/** A struct itimerspec: whole seconds, and 0…999,999,999 ns. */
export interface Itimerspec {
  valueSec: number;
  valueNsec: number;
  intervalSec: number;
  intervalNsec: number;
}

/** What the pointer to the ID is: good, null, outside any mapping, or in a page that cannot be written. */
export type IdPointer = 'ok' | 'null' | 'unmapped' | 'read-only';

/** timer_create's third argument, the caller's buffer. */
export interface CreateOptions {
  /** What it holds before the call, i32: the ID wanted in restore mode. Default −1. */
  readonly id?: number | undefined;
  /** Default 'ok'. */
  readonly idPointer?: IdPointer | undefined;
}

/** The options of a buffer. */
export const CREATE_OPTIONS: readonly string[] = ['id', 'idPointer'] satisfies (keyof CreateOptions)[];

/** The calls that are asked for a policy: those of a {@link LiveProcess}, or of a model. */
export interface TimerCalls {
  /** @returns The ID, or −errno. */
  timerCreate(clock: number, sigevent: Sigevent | null, id?: number): number;
  timerDelete(id: number): number;
  prctl(option: number, arg: number): number;
}
