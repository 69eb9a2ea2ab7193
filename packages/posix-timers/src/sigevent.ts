// struct sigevent: which signal an expiry sends, and to which process or thread.
// Source: good_sigevent (kernel/time/posix-timers.c), include/uapi/asm-generic/siginfo.h, 6.18.

import { toInt32 } from './int32.ts';
import { checkKeys, refused } from './misuse.ts';

/** Sends a signal to the process. */
export const SIGEV_SIGNAL = 0;
/** Sends no signal; the timer can only be read. */
export const SIGEV_NONE = 1;
/** Sends a signal to the process; the C library makes a thread run for it. */
export const SIGEV_THREAD = 2;
/** Sends a signal to one thread of the process. */
export const SIGEV_THREAD_ID = 4;

/**
 * A bit that may be added to one of these on 'sigev-bit' kernels: give this timer the ID that stands in the caller's buffer.
 *
 * Proposed by A. Vagin, linux-kernel, May 2023, without a value; this is the lowest bit that is free. Elsewhere it makes a bad sigevent.
 */
export const SIGEV_USE_ID = 8;

/** What a null sigevent means: this signal, with the timer's ID as the value. */
export const SIGALRM = 14;
/** The highest signal there is. */
export const SIGRTMAX = 64;

/** How an expiry is told. */
export interface Sigevent {
  /** {@link SIGEV_SIGNAL}, {@link SIGEV_NONE}, {@link SIGEV_THREAD} or {@link SIGEV_THREAD_ID}; anything else is −EINVAL, {@link SIGEV_USE_ID} aside. */
  readonly notify: number;
  /** The signal, 1…64; not looked at for SIGEV_NONE. Default 0. */
  readonly signo?: number;
  /** sigev_value, 64 bits: a safe integer or a bigint. Default 0. */
  readonly value?: number | bigint;
  /** The thread for {@link SIGEV_THREAD_ID}: a thread of the calling process. Default 0, which no thread has. */
  readonly tid?: number;
}

const FIELDS: readonly string[] = ['notify', 'signo', 'value', 'tid'] satisfies (keyof Sigevent)[];

/** A sigevent pointer that cannot be read: −EFAULT. */
export const FAULT: unique symbol = Symbol('FAULT');

/**
 * Checks the numbers of a sigevent: what they mean is for the kernel to say.
 *
 * @throws RangeError for what is not a sigevent, has a field that no sigevent has, or something else than integers.
 */
export function checkSigevent(sigevent: Sigevent | null | typeof FAULT): void {
  if (sigevent === null || sigevent === FAULT) return;
  const { notify, signo, value, tid } = sigevent;
  if (!isInt32(notify) || !isAbsentOrInt32(signo) || !isAbsentOrInt32(value) || !isAbsentOrInt32(tid)) {
    checkFields(sigevent);
  }
  for (const field in sigevent) {
    if (field !== 'notify' && field !== 'signo' && field !== 'value' && field !== 'tid') checkFields(sigevent);
  }
}

function isInt32(value: unknown): boolean {
  return typeof value === 'number' && (value | 0) === value;
}

function isAbsentOrInt32(value: unknown): boolean {
  return value === undefined || (typeof value === 'number' && (value | 0) === value);
}

/** What is not as simple as most are: apart, as a create is called often. */
function checkFields(sigevent: Sigevent): void {
  if (typeof sigevent !== 'object') {
    throw refused('sigevent', sigevent, 'an object, null or FAULT');
  }
  checkKeys('sigevent', sigevent, FIELDS);
  const { notify, signo = 0, value = 0, tid = 0 } = sigevent;
  toInt32('notify', notify);
  toInt32('signo', signo);
  toInt32('tid', tid);
  if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) {
    throw refused('value', value, 'a safe integer or a bigint');
  }
}

/** Returns the low 32 bits of a sigevent's value, u32. */
export function sigvalLo(value: number | bigint): number {
  return typeof value === 'number' ? value >>> 0 : lowerWord(value);
}

function lowerWord(value: bigint): number {
  return Number(BigInt.asUintN(32, value));
}

/** Returns the high 32 bits of a sigevent's value, u32. */
export function sigvalHi(value: number | bigint): number {
  return typeof value === 'number' && value >>> 0 === value ? 0 : upperWord(value);
}

function upperWord(value: number | bigint): number {
  // Dividing by 2³² and rounding down is exact for safe integers, negative ones included.
  return typeof value === 'number' ? Math.floor(value / 0x1_0000_0000) >>> 0 : Number(BigInt.asUintN(64, value) >> 32n);
}
