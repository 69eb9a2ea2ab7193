// What `idspace probe` found, in words.

import type { Cost, IdDebt, KernelProbe, RestoreDebt } from '@idspace/live-kernel';
import { count, counted, duration, mean } from '../format/number.ts';
import { paragraph } from '../format/paragraph.ts';
import type { Screen } from '../format/screen.ts';
import { INT_MAX } from '../int-max.ts';
import { row as labelled } from './row.ts';

/** Tells about the kernel. */
export function kernelProbeText(
  probe: Omit<KernelProbe, 'costs'>,
  screen: Screen,
  costs: readonly Cost[] = [],
): string {
  const row = (label: string, text: string): string => labelled(label, text, screen);
  const { nsPerPair, nsPerRestore, callingNsPerPair } = probe;
  return [
    `Linux ${probe.release} (${probe.arch})\n\n`,
    row('Next timer ID', policyText(probe)),
    row(
      'Restore by ID',
      probe.restoreCall
        ? 'yes: prctl PR_TIMER_CREATE_RESTORE_IDS is there, as in Linux 6.15 and later'
        : 'no: prctl PR_TIMER_CREATE_RESTORE_IDS is not there; it came with Linux 6.15',
    ),
    row(
      'Create + delete',
      `${count(nsPerPair)} ns a pair${spreadText(costs[0])}: ID ${count(INT_MAX)} is reached in ${duration((INT_MAX * nsPerPair) / 1e9)} ` +
        `(without the ${count(callingNsPerPair)} ns that it takes to call the kernel from here)`,
    ),
    row(
      'Create by ID',
      nsPerRestore === null ? 'not measured: there is no such call' : `${count(nsPerRestore)} ns a timer`,
    ),
    row('RLIMIT_SIGPENDING', `${limitText(probe)}; ${count(probe.pendingSignals)} in use by this user`),
    row(
      'Hash buckets',
      probe.buckets === null ? `not known: ${probe.bucketsUnknown}` : `${count(probe.buckets)}, by the boot log`,
    ),
    row(
      '/proc/PID/timers',
      probe.listing ? 'yes' : 'no: built without CONFIG_CHECKPOINT_RESTORE, CRIU cannot dump here',
    ),
  ].join('');
}

/** How far the samples of a cost spread; what is noisy is not to be trusted. */
function spreadText(cost: Cost | undefined): string {
  if (cost === undefined) return '';
  const [least, most] = [cost.min, cost.p90].map((ns) => duration(ns / 1e9));
  return ` (${least} … ${most}${cost.isNoisy ? ', noisy' : ''})`;
}

function policyText({ idPolicy, idsSeen }: Pick<KernelProbe, 'idPolicy' | 'idsSeen'>): string {
  const seen = policySeen(idsSeen);
  if (idPolicy === 'cyclic') return `the one after the last (${seen}): IDs of deleted timers do not come back`;
  return idPolicy === 'lowest' ? `the lowest free one (${seen})` : `neither the next nor the lowest free one (${seen})`;
}

/** What was done and came, in words. */
export function policySeen([a, b, c, d]: readonly number[]): string {
  return `${a}, ${b}, ${c} were made, ${a} and ${b} deleted, then came ${d}`;
}

function limitText({ rlimitSigpending }: Pick<KernelProbe, 'rlimitSigpending'>): string {
  return rlimitSigpending === null ? 'unlimited' : `${counted(rlimitSigpending, 'timer')} per user`;
}

/** How the readings were made. */
export interface Readings {
  readonly pid: number;
  readonly readings: number;
  readonly seconds: number;
  readonly nsPerPair: number;
}

/** Tells about a process. */
export function debtText(
  debt: RestoreDebt,
  { pid, readings, seconds, nsPerPair }: Readings,
  screen: Screen,
  spaces: readonly IdDebt[] = [],
): string {
  const row = (label: string, text: string): string => labelled(label, text, screen);
  const highest = debt.highestId === null ? '' : `, highest ID ${count(debt.highestId)}`;
  return [
    `Process ${pid}: ${counted(debt.timers, 'timer')}${highest}; read ${counted(readings, 'time')} in ${duration(seconds)}\n\n`,
    row('IDs used', ratesText(debt, seconds)),
    row('Restore debt', debtNow(debt)),
    row('INT_MAX', daysText(debt)),
    ...spaces.map((space) =>
      space.space === 'inotify' ? row('Watches', watchesText(space)) : row('PIDs', numbersText(space)),
    ),
    '\n',
    paragraph(
      `The debt is what CRIU pays on kernels before 6.15: it creates and deletes timers, at ${count(nsPerPair)} ns a pair, until ` +
        'the highest ID comes. From 6.15 on, with CRIU 4.2 or later, IDs are asked for and there is none. The kernel does not show ' +
        'the next ID itself, only the timers that are there: what is counted are the IDs between the newest timers seen.',
      screen,
    ),
  ].join('');
}

function ratesText({ idsUsed, idsPerDay, unknown }: RestoreDebt, seconds: number): string {
  if (idsUsed === null || idsPerDay === null)
    return `not known: ${unknown}. Watch longer: --interval ${longer(seconds)}`;
  return `${count(idsUsed)}: ${mean(idsPerDay / 86_400)} a second, ${count(idsPerDay)} a day`;
}

function longer(seconds: number): number {
  return Math.min(Math.ceil(seconds) * 10, 86_400);
}

function debtNow({ highestId, secondsNow, secondsPerDay }: RestoreDebt): string {
  if (highestId === null) return 'none now: it has no timers';
  const more = secondsPerDay === null ? '' : `, and ${duration(secondsPerDay)} more each day`;
  return `${duration(secondsNow)} now${more}`;
}

function daysText({ daysToIntMax, highestId }: RestoreDebt): string {
  if (daysToIntMax !== null) return `reached in ${duration(daysToIntMax * 86_400)}; then IDs start again at 0`;
  return highestId === null ? 'not known' : `${count(INT_MAX - highestId)} IDs away from the highest`;
}

function watchesText({ ids, idsUsed, idsPerDay, secondsNow, secondsPerDay, daysToWrap, unknown }: IdDebt): string {
  if (ids === null) return `not known: ${unknown}`;
  if (ids === 0 && unknown !== null) return `none: ${unknown}`;
  const debt = `${counted(ids, 'watch', 'watches')}; ${duration(secondsNow)} of adding and removing where they cannot be asked for (before Linux 4.16 or CRIU 3.9)`;
  if (idsUsed === null) return `${debt}; ${unknown}`;
  return (
    `${debt}, and ${duration(secondsPerDay!)} more each day: ${count(idsUsed)} used, ${count(idsPerDay!)} a day; ` +
    `INT_MAX in ${duration(daysToWrap! * 86_400)}`
  );
}

function numbersText({ ids, idsUsed, idsPerDay, daysToWrap, unknown }: IdDebt): string {
  if (ids === null || idsUsed === null) return `not known: ${unknown}`;
  const wrap =
    daysToWrap === null
      ? ''
      : `; all processes here together use up every number in ${duration(daysToWrap * 86_400)}, and then numbers come again`;
  return `${counted(ids, 'thread or child', 'threads and children')}; ${count(idsUsed)} new ones seen, ${count(idsPerDay!)} a day${wrap}`;
}
