// The text of /proc/PID/timers. Source: show_timer, proc_timers_operations (fs/proc/base.c), 5.17; read on 6.18.

import { SIGEV_NONE, SIGEV_THREAD, SIGEV_THREAD_ID } from './sigevent.ts';
import type { TimerTable } from './tables/timer-table.ts';

/**
 * Lists a process's timers, four lines each.
 *
 * @returns The text; empty without timers. Order: newest first, or by ascending ID in designs without a list.
 */
export function procTimersText(table: TimerTable, process: number): string {
  const { timers } = table;
  let text = '';
  table.forEachTimer(process, (timer) => {
    const notify = timers.notify[timer];
    const value = hex8(timers.sigvalHi[timer]) + hex8(timers.sigvalLo[timer]);
    const whom = notify === SIGEV_THREAD_ID ? 'tid' : 'pid';
    text += `ID: ${timers.id[timer]}\nsignal: ${timers.signo[timer]}/${value}\n`;
    text += `notify: ${notifyName(notify)}/${whom}.${timers.pid[timer]}\nClockID: ${timers.clock[timer]}\n`;
  });
  return text;
}

function notifyName(notify: number): string {
  if (notify === SIGEV_NONE) return 'none';
  return notify === SIGEV_THREAD ? 'thread' : 'signal';
}

function hex8(word: number): string {
  return word.toString(16).padStart(8, '0');
}
