// What `idspace probe` found, in words.
import type { KernelProbe, RestoreDebt } from '@idspace/live-kernel';
import { count, counted, duration, mean } from '../format/number.ts';
import { paragraph } from '../format/paragraph.ts';

const LABEL = 19; // columns
const WIDTH = 100;
const INT_MAX = 2 ** 31 - 1;

/** Tells about the kernel. */
export function kernelProbeText(probe: KernelProbe): string {
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
      `${count(nsPerPair)} ns a pair: ID ${count(INT_MAX)} is reached in ${duration((INT_MAX * nsPerPair) / 1e9)} ` +
        `(the ${count(callingNsPerPair)} ns that calling the kernel from here takes are not in it)`,
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

function policyText({ idPolicy, idsSeen }: KernelProbe): string {
  const [a, b, c, d] = idsSeen;
  const seen = `${a}, ${b}, ${c} were made, ${a} and ${b} deleted, then came ${d}`;
  if (idPolicy === 'next') return `the one after the last (${seen}): IDs of deleted timers do not come back`;
  return idPolicy === 'lowest' ? `the lowest free one (${seen})` : `neither the next nor the lowest free one (${seen})`;
}

function limitText({ rlimitSigpending }: KernelProbe): string {
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
export function debtText(debt: RestoreDebt, { pid, readings, seconds, nsPerPair }: Readings): string {
  const highest = debt.highestId === null ? '' : `, highest ID ${count(debt.highestId)}`;
  return [
    `Process ${pid}: ${counted(debt.timers, 'timer')}${highest}; read ${count(readings)} times in ${duration(seconds)}\n\n`,
    row('IDs used', ratesText(debt, seconds)),
    row('Restore debt', debtNow(debt)),
    row('INT_MAX', daysText(debt)),
    '\n',
    paragraph(
      `The debt is what CRIU pays on kernels before 6.15: it creates and deletes timers, at ${count(nsPerPair)} ns a pair, until ` +
        'the highest ID comes. From 6.15 on, with CRIU 4.2 or later, IDs are asked for and there is none. The kernel does not show ' +
        'the next ID itself, only the timers that are there: what is counted are the IDs between the newest timers seen.',
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

/** A label and a text that goes on below itself. */
function row(label: string, text: string): string {
  const lines = paragraph(text, WIDTH - LABEL)
    .trimEnd()
    .split('\n');
  return lines.map((line, index) => `${(index === 0 ? label : '').padEnd(LABEL)}${line}\n`).join('');
}
