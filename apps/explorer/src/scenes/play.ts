// Plays a scene's calls on a model of the kernel.
import {
  CLOCK_MONOTONIC,
  errnoName,
  Kernel,
  PR_TIMER_CREATE_RESTORE_IDS,
  type Process,
  SIGEV_NONE,
} from '@idspace/posix-timers';
import type { Call, Play } from './scene.ts';

/** Timers that carry no signal, as restores make them by the million. */
export const PLAIN: { notify: number } = { notify: SIGEV_NONE };

/** A call that was made. */
export interface Played {
  readonly call: string;
  /** An ID, 0 for success, or −errno. */
  readonly result: number;
}

/** Starts a process on a fresh kernel. */
export function processOn(release: string, sigpending?: number): Process {
  return new Kernel({ release, ...(sigpending !== undefined && { sigpending }) }).spawn();
}

/** Makes the calls, in order. */
export function playAll({ release, calls }: Play): Played[] {
  const process = processOn(release);
  return calls.map((call) => ({ call: callText(call), result: make(process, call) }));
}

/** Writes a call as a log does. */
export function callText(call: Call): string {
  switch (call.do) {
    case 'create':
      return call.id === undefined ? 'timer_create()' : `timer_create(ID ${call.id})`;
    case 'delete':
      return `timer_delete(${call.id})`;
    case 'lookup':
      return `timer_gettime(${call.id})`;
    case 'restore-mode':
      return `prctl(restore IDs ${call.on ? 'on' : 'off'})`;
  }
}

/** Writes a result as a log does: '41', or the name of the error. */
export function resultText(result: number): string {
  return result < 0 ? `−${errnoName(result)}` : String(result);
}

function make(process: Process, call: Call): number {
  switch (call.do) {
    case 'create':
      return process.timerCreate(CLOCK_MONOTONIC, PLAIN, call.id ?? -1);
    case 'delete':
      return process.timerDelete(call.id);
    case 'lookup':
      return process.timerGettime(call.id);
    case 'restore-mode':
      return process.prctl(PR_TIMER_CREATE_RESTORE_IDS, call.on ? 1 : 0);
  }
}
