// A rehearsal as text.

import { kernelName } from '../format/kernel-name.ts';
import { count, counted, duration } from '../format/number.ts';
import { paragraph } from '../format/paragraph.ts';
import { printable } from '../format/printable.ts';
import type { Check, CheckName, ProcessRehearsal, Rehearsal } from './rehearsal.ts';

const MOST_PROCESSES = 8; // shown in full, where all went well
const NAMES: Readonly<Record<CheckName, string>> = {
  calls: 'calls',
  listing: 'listing',
  settings: 'settings',
  charges: 'charges',
  'next-id': 'next ID',
  'clean-up': 'clean-up',
  sigevents: 'sigevents',
};
const MARKS = new Map<boolean | null, string>([
  [true, '✓'],
  [false, '✗'],
  [null, '–'],
]);

/** Writes a rehearsal out. @param source The checkpoint as the user named it. */
export function rehearsalText(source: string, rehearsal: Rehearsal): string {
  const { on, kernel, criu, processes } = rehearsal;
  const where = on === 'live' ? `the running kernel (Linux ${kernel})` : `a model of ${kernelName(kernel)}`;
  const shown = processes.filter((process, index) => index < MOST_PROCESSES || !isFine(process));
  const left = processes.length - shown.length;
  return [
    paragraph(`${printable(source)}: a rehearsal on ${where} of what CRIU ${criu} would do. No container is restored.`),
    ...shown.map((process) => `\n${processText(process)}`),
    left > 0 ? `\n… and ${counted(left, 'process', 'processes')} more, all as planned.\n` : '',
    `\n${paragraph(verdict(rehearsal))}`,
  ].join('');
}

function isFine({ ending, checks }: ProcessRehearsal): boolean {
  return ending === 'as-planned' && checks.every(({ ok }) => ok !== false);
}

function processText(process: ProcessRehearsal): string {
  const { pid, timers, outcome, error, substitutions, checks } = process;
  const printed = error === null ? '' : ` (CRIU prints: ${error.replaceAll('\n', '; ')})`;
  return [
    `process ${pid}: ${counted(timers, 'timer')}, planned: ${outcome}${printed}\n`,
    ...substitutions.map(({ text }) => `  ~ ${'substitute'.padEnd(10)} ${text}\n`),
    ...checks.map(checkText),
    ...process.unverified.map((text) => `  – ${'not seen'.padEnd(10)} ${text}\n`),
    `  ${progressOf(process)}\n`,
  ].join('');
}

function checkText({ check, ok, text }: Check): string {
  return `  ${MARKS.get(ok)} ${NAMES[check].padEnd(10)} ${text}\n`;
}

function progressOf({
  ending,
  restored,
  timers,
  creates,
  deletes,
  prctls,
  ofCalls,
  seconds,
  outcome,
}: ProcessRehearsal): string {
  if (ending === 'stopped') {
    const calls = creates + deletes + prctls;
    const whole = calls === 0 ? '' : `; all of them would take about ${duration((seconds * ofCalls) / calls, 2)} here`;
    return `stopped after ${count(calls)} of ${counted(ofCalls, 'call')} in ${duration(seconds)}${whole}`;
  }
  const back =
    outcome === 'ok'
      ? `${count(restored.length)} of ${counted(timers, 'timer')} came back under ${timers === 1 ? 'its ID' : 'their IDs'}, `
      : '';
  return `${back}in ${duration(seconds)}`;
}

function verdict({ verified, stoppedBy, processes, maxSeconds }: Rehearsal): string {
  if (processes.length === 0 && stoppedBy === null) return 'No process has POSIX timers: nothing to rehearse.';
  const different = processes.filter((process) => process.ending !== 'stopped' && !isFine(process)).length;
  if (different > 0)
    return `Not as planned: ${counted(different, 'process', 'processes')} of ${count(processes.length)}, marked ✗ above.`;
  if (stoppedBy === 'interrupt') return 'Interrupted: not verified. Every timer that was made is deleted.';
  if (stoppedBy !== null) {
    return `Stopped by --max-seconds ${maxSeconds}: not verified, and nothing differed so far. Every timer that was made is deleted.`;
  }
  if (verified) return 'Verified: every call, and what the kernel shows afterwards, is as planned.';
  return 'Not verified: nothing differed, but part of the plan was not looked at, as marked "not seen" above.';
}
